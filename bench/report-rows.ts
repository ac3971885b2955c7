import type { Database } from '../db/client.ts';
import { type DecisionRecord, encodeRecord } from '../db/decisions/record/decision-record.ts';
import type { GateVerdict, JudgedCandidate } from '../src/domain/candidate.ts';

/** Events per customer: sixteen page views and four orders in a year. */
export const VIEWS = 16;
export const ORDERS = 4;
/** Rows of one statement. */
const CHUNK = 20_000;
/** Different records of decisions. Each customer has some of them, at days of their own. */
const RECORDS = 400;

const ACTIONS = ['tip-grinder', 'tip-milk', 'tip-descale', 'renewal-mail', 'comeback-offer', 'birthday-code'];
const JOURNEYS = ['tips', 'renewal', 'win-back', 'birthday'];
const STEPS = ['wait', 'choose', 'follow-up'];
const REASONS = [
  { gate: 'eligibility', code: 'not_eligible', rule: 'eligible' },
  { gate: 'suitability', code: 'not_suitable', rule: 'suitable' },
  { gate: 'consent', code: 'consent_missing' },
  { gate: 'suppression', code: 'ticket_open', rule: 'tickets' },
  { gate: 'caps', code: 'cap_reached', rule: 'caps[0]' },
  { gate: 'caps', code: 'cap_reached', rule: 'caps[1]' },
  { gate: 'spacing', code: 'too_soon', rule: 'spacing' },
];
const PASSED = ['paused', 'addressable', 'consent', 'eligibility', 'applicability', 'suitability', 'limit'];

/**
 * Writes a year of customers: events, enrollments, decisions with candidates and rewards, deliveries and tasks. It is the
 * same in each run: what happened to a customer follows from the number. Triggers are off, as in a restore.
 */
export async function writeReportRows(
  { administration: sql }: Database,
  workspace: string,
  customers: number,
): Promise<void> {
  await saveRecords(sql);
  for (let from = 0; from < customers; from += CHUNK) {
    const to = Math.min(from + CHUNK, customers) - 1;
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await writeLogs(tx as never, workspace, [from, to]);
      await writeJourneys(tx as never, workspace, [from, to]);
      await writeDecisions(tx as never, workspace, [from, to]);
    });
  }
  await sql`drop table bench_records`;
  await sql`analyze`;
}

type Sql = Database['sql'];
type Range = [from: number, to: number];

async function writeLogs(tx: Sql, workspace: string, [from, to]: Range): Promise<void> {
  await tx`
    insert into customers (id, workspace, seq, profile, created_at)
    select 'cus_' || lpad(n::text, 9, '0'), ${workspace}, ${VIEWS + ORDERS},
      jsonb_build_object('orderCount', ${ORDERS}::int, 'counts', '{}'::jsonb, 'orders', (
        select jsonb_agg(jsonb_build_object('status', 'paid', 'at',
          (extract(epoch from now()) * 1000)::bigint - ((n * 7 + k * 83) % 365) * 86400000::bigint))
        from generate_series(1, ${ORDERS}::int) k)),
      now() - ((n * 13) % 365) * interval '1 day'
    from generate_series(${from}::int, ${to}::int) n`;
  await tx`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select 'cus_' || lpad(n::text, 9, '0'), k, ${workspace}, 'evt_' || n || '_' || k, 'evt_' || n || '_' || k, 'track',
      case when k <= ${VIEWS} then 'Page Viewed' else 'Order Completed' end,
      now() - ((n * 7 + k * 83) % 365) * interval '1 day', now() - interval '1 hour', false, 'server',
      jsonb_build_object('traits', '{}'::jsonb, 'context', '{}'::jsonb, 'properties',
        case when k <= ${VIEWS} then jsonb_build_object('path', '/' || k)
          else jsonb_build_object('order_id', 'o' || n || '-' || k, 'total', (n * k) % 300 + 5) end)
    from generate_series(${from}::int, ${to}::int) n cross join generate_series(1, ${VIEWS + ORDERS}::int) k`;
}

/** One journey per customer, of which three in four are still open. */
async function writeJourneys(tx: Sql, workspace: string, [from, to]: Range): Promise<void> {
  await tx`
    insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at, goal_at, ended_at, reason,
      step, state, since)
    select 'enr_' || n, 'cus_' || lpad(n::text, 9, '0'), ${workspace},
      (${JOURNEYS}::text[])[1 + n % 7 % ${JOURNEYS.length}::int], 1, case when is_control then 'control' else 'treated' end,
      entered, case when n % 3 = 0 then entered + 86400000 end, case when is_over then entered + 172800000 end,
      case when is_over then 'completed' end, (${STEPS}::text[])[1 + n % 3],
      case when is_control then 'control' else 'waiting' end, entered + 3600000
    from generate_series(${from}::int, ${to}::int) n
    cross join lateral (select n % 10 = 0 as is_control, n % 4 = 3 as is_over,
      (extract(epoch from now()) * 1000)::bigint - ((n * 11) % 365) * 86400000::bigint as entered) x`;
}

/** One decision per customer, and a second one for every third; what was chosen is sent, or is a task for the desk. */
async function writeDecisions(tx: Sql, workspace: string, [from, to]: Range): Promise<void> {
  await tx`
    create temp table decided on commit drop as
    select n, k, n || '_' || k as id, 'cus_' || lpad(n::text, 9, '0') as customer, r.*,
      (extract(epoch from now()) * 1000)::bigint - ((n * 11 + k * 97) % 365) * 86400000::bigint as at
    from generate_series(${from}::int, ${to}::int) n cross join generate_series(1, 2) k
    join bench_records r on r.number = (n * 31 + k * 17) % ${RECORDS}::int
    where k = 1 or n % 3 = 0`;
  await tx`
    insert into decisions (id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
      changed, chosen, policies, replayable, record)
    select 'dec_' || id, customer, ${workspace}, 1, k, at, 0, 0, 1, case when chosen is null then 'nothing' else 'acted' end,
      true, case when chosen is not null then jsonb_build_array(chosen) end,
      case when number % 2 = 0 then
        '[{"policy": "thompson", "autonomy": "ai_auto", "propensity": 0.4, "model": 3}]'::jsonb end,
      true, record
    from decided`;
  await tx`
    insert into rewards (id, workspace, customer_id, decision_id, arm, action, channel, enrollment_id, bundle_version,
      feature_schema, features, propensity, explored, expected, at, within, due_at, state, reward)
    select 'dec_' || id || '/0', ${workspace}, customer, 'dec_' || id, chosen || '/email', chosen, 'email', 'enr_' || n, 1,
      's', '[]', 0.4, n % 20 = 0, (n % 97 + 1) / 400.0, at, 604800000, at + 604800000,
      case when n % 10 = 9 then 'not_sent' else 'counted' end, case when n % 10 <> 9 then (n % 8 = 0)::int end
    from decided where chosen is not null and number % 2 = 0`;
  await tx`
    insert into deliveries (id, customer_id, workspace, decision_id, decided_at, enrollment_id, action, class, channel,
      bundle_version, state, at, not_after, entry, cost, variant, receipts, verdict)
    select 'dlv_' || id, customer, ${workspace}, 'dec_' || id, at, 'enr_' || n, chosen, 'marketing',
      (array['email', 'email', 'push', 'sms'])[1 + n % 4], 1,
      (array['sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'unknown', 'failed', 'cancelled'])[1 + n % 10],
      at + 3600000, at + 86400000, '{}', 1, (array['a', 'b', null])[1 + n % 3],
      case when n % 10 < 7 then jsonb_build_object('delivered', at + 3600500) ||
        case when n % 3 = 0 then jsonb_build_object('opened', at + 7200000) else '{}' end ||
        case when n % 9 = 0 then jsonb_build_object('clicked', at + 7300000) else '{}' end end,
      case when n % 10 = 9 then '[{"gate": "caps", "code": "cap_reached"}]'::jsonb end
    from decided where chosen is not null and n % 12 <> 0`;
  await tx`
    insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version, state,
      queue, cost, at, acknowledge_by, resolve_by, outcome, definition, reasons)
    select 'tsk_' || id, customer, ${workspace}, 'dec_' || id, 'enr_' || n, chosen, 'marketing', 1, 'resolved', 'care', 300,
      at, at + 3600000, at + 86400000, 'reached', '{}', '[]'
    from decided where chosen is not null and n % 12 = 0`;
}

async function saveRecords(sql: Database['administration']): Promise<void> {
  const rows = Array.from({ length: RECORDS }, (_, number) => {
    const candidates = listCandidates(number);
    const chosen = candidates.find(({ verdict }) => verdict === 'chosen')?.action ?? null;
    const record = {
      context: null,
      arbitrations: null,
      actions: [],
      changes: [],
      candidates,
    } as DecisionRecord;
    return { number, chosen, record: `\\x${encodeRecord(record).toString('hex')}` };
  });
  await sql`create unlogged table bench_records (number int primary key, chosen text, record bytea not null)`;
  await sql`
    insert into bench_records select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as t(number int, chosen text, record bytea)`;
}

/** Two to five candidates: in two of three decisions one is chosen, and about half of the others are blocked. */
function listCandidates(number: number): JudgedCandidate[] {
  return Array.from({ length: 2 + (number % 4) }, (_, n) => {
    const isChosen = n === 0 && number % 3 !== 0;
    const isBlocked = !isChosen && (number + n) % 2 === 0;
    const failing = [number + n, ...(number % 5 === 0 ? [number + n + 3] : [])].map((at) => ({
      ...(REASONS[at % REASONS.length] as (typeof REASONS)[number]),
      pass: false,
    }));
    const gates: GateVerdict[] = [
      ...PASSED.map((gate) => ({ gate, pass: true })),
      ...(isBlocked ? failing : []),
    ];
    return {
      enrollmentId: `enr_${number + n}`,
      action: ACTIONS[(number + n) % ACTIONS.length] as string,
      class: 'marketing',
      channel: 'email',
      verdict: isChosen ? 'chosen' : isBlocked ? 'blocked' : 'outranked',
      score: 12.5 - n,
      propensity: isChosen ? 0.4 : 0.2,
      gates,
    };
  });
}
