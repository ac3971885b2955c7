import type postgres from 'postgres';
import type { Consent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import { COUNTED_EFFECTS, type DeliveryFact, type TaskFact } from '../../src/domain/delivery.ts';
import type { JourneyEvent } from '../../src/domain/event.ts';
import type { Facts, SharedUse } from '../../src/domain/facts.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';
import { silencingMembers } from '../config/group-members.ts';
import { consentsJson, couponsJson, limitTickets, ticketJson } from '../customers/customer-json.ts';
import { type EventWindow, eventHistoryJson } from '../events/event-history.ts';
import { acceptedRecently, recentSince } from '../partitions/recent.ts';
import { type BudgetQuery, type BudgetRow, budgetsJson } from './budget-use.ts';
import { type SharedCap, sharedUseJson, type UseRow } from './shared-use.ts';

type Fragment = postgres.Fragment;

export interface FactsQuery {
  customerId: string;
  now: number;
  /** Events after this sequence number are processed. */
  afterSeq: number;
  limit: number;
  /** Older effects (journey time) are read only if they are not final or their id is in `effectIds`. */
  since: number;
  effectIds: string[];
  /**
   * Names of events that end a journey. Processed events with these names are read too if they happened after an event
   * of the batch.
   */
  endingEvents: string[];
  /**
   * Journeys that are entered by date: all keys of their past enrollments are read, since each date is entered once.
   */
  dateJourneys: string[];
  /** Purposes, channels and topics of the definitions; null: all. */
  consentNames: string[] | null;
  /** Whose tickets also suppress this customer. */
  silencedBy: { account: boolean; group: boolean };
  /** Events to be counted within a time, since when. */
  eventWindows: EventWindow[];
  shared: SharedCap[];
  /** Whether the customer's coupons are read. */
  coupons: boolean;
  budgets: BudgetQuery[];
}

export interface FactsRow
  extends Pick<
    Facts,
    | 'account'
    | 'budgets'
    | 'coupons'
    | 'eventHistory'
    | 'knownSince'
    | 'paused'
    | 'pausedActions'
    | 'segmentsSwept'
  > {
  /** Versions of the newest model and of the newest fitted scores; null before the first. */
  modelVersion: number | null;
  fitVersion: number | null;
  configVersion: number;
  seq: number;
  profile: Profile;
  requestedSeq: number;
  processedSeq: number;
  /** Whether any address of the workspace is on the suppression list. */
  hasSuppressions: boolean;
  /** Requested checks that these facts are new enough for, and those that were done before (`db/wakes`). */
  checksRequested: number;
  checksDone: number;
  events: JourneyEvent[];
  endingEvents: JourneyEvent[];
  tickets: Ticket[];
  consents: Consent[];
  deliveries: DeliveryFact[];
  tasks: TaskFact[];
  pastEnrollments: { journey: string; key: string | null; enteredAt: number }[];
  sharedUse: SharedUse[];
}

/** Size of the events that are processed together; at least one is. */
const BATCH_BYTES = 1_000_000;

/**
 * Lists that are no longer than this are read whole, by a plain statement. Most customers have no longer ones, and to
 * prepare the plan that ranks the rows of longer ones costs more than to read the rows.
 */
const SHORT = { tickets: 100, consents: 500, deliveries: COUNTED_EFFECTS, tasks: COUNTED_EFFECTS };

/**
 * Reads everything that a decision uses, in one statement: one snapshot, one round trip. Of a customer with very many
 * records another statement reads as much as a decision can read. Each list is ordered, so that equal rows give equal
 * decisions whatever plan Postgres chooses. Null if the customer does not exist, was merged into another or was erased.
 */
export async function readFacts(tx: Tx, query: FactsQuery): Promise<FactsRow | null> {
  const since = recentSince();
  const recent = await readFactsWithin(tx, query, acceptedRecently(tx));
  return recent && lacksOlderEvents(recent, query, since) ? readFactsWithin(tx, query, tx`true`) : recent;
}

/**
 * Whether an event may be missing because it was accepted too long ago: numbers in a log have no gaps, and an event that
 * ends a journey may be older than the batch only by its time.
 */
function lacksOlderEvents(
  { events, seq, processedSeq }: FactsRow,
  { limit, endingEvents, now }: FactsQuery,
  since: number,
): boolean {
  if (limit === 0 || seq <= processedSeq) return false;
  if (events.length === 0 || events.some((event, n) => event.seq !== processedSeq + 1 + n)) return true;
  // Journey time may be ahead of the clock by which events are accepted.
  const ahead = Math.max(0, now - Date.now());
  const oldest = Math.min(...events.map((event) => event.at));
  return endingEvents.length > 0 && oldest - ahead <= since;
}

/** @param within which events `e` are looked for: all, or those in the partitions of recent months */
async function readFactsWithin(tx: Tx, query: FactsQuery, within: Fragment): Promise<FactsRow | null> {
  const row = await readStatement(tx, query, { within, short: true });
  const lists = Object.keys(SHORT) as (keyof typeof SHORT)[];
  const isWhole = row === null || lists.every((list) => row[list].length <= SHORT[list]);
  return isWhole ? row : readStatement(tx, query, { within, short: false });
}

/** @param short reads lists up to one row more than is short; otherwise as much of each as a decision can read */
async function readStatement(
  tx: Tx,
  query: FactsQuery,
  { within, short }: { within: Fragment; short: boolean },
): Promise<FactsRow | null> {
  const { customerId, afterSeq, limit, endingEvents, dateJourneys } = query;
  const [row] = await tx<
    (Omit<FactsRow, 'budgets' | 'sharedUse'> & { budgets: BudgetRow[]; sharedUse: UseRow[] })[]
  >`
    with mark as (
      select greatest(${afterSeq}::bigint,
        coalesce((select processed_seq from wakes where customer_id = ${customerId}), 0)) as seq
    ), batch as (
      select * from (
        select e.*, coalesce(sum(octet_length(body::text))
          over (order by seq rows between unbounded preceding and 1 preceding), 0) as before
        from (select * from events e where customer_id = ${customerId} and seq > (select seq from mark) and ${within}
              order by seq limit ${limit}) e) sized
      where before < ${BATCH_BYTES}
    ), named as (
      select unnest(${query.effectIds}::text[]) as id
      union all
      select e #>> '{}' from batch, jsonb_path_query(batch.body,
        'lax $.context.merged.state.enrollments[*].status.**') e
      where batch.name = 'Customer Merged' and jsonb_typeof(e) = 'string'
    )
    select
      w.config_version as "configVersion", c.seq, c.profile, c.paused,
      (extract(epoch from c.created_at) * 1000)::bigint as "knownSince",
      coalesce(k.requested_seq, 0) as "requestedSeq", (select seq from mark) as "processedSeq",
      coalesce(k.checks_requested, 0) as "checksRequested", coalesce(k.checks_done, 0) as "checksDone",
      ${events(tx, tx`(select * from batch) e`)} as events,
      ${events(
        tx,
        tx`(select * from events e where customer_id = ${customerId} and seq <= (select seq from mark)
             and repeats is null and ${within}
             and name = any(${endingEvents}) and at > (select min(at) from batch) order by seq limit 100) e`,
      )} as "endingEvents",
      ${tickets(tx, query, short)} as tickets,
      ${short ? shortConsents(tx) : consentsJson(tx, query.consentNames)} as consents,
      ${deliveries(tx, query, short)} as deliveries,
      ${tasks(tx, query, short)} as tasks,
      (select coalesce(json_agg(json_build_object('journey', journey, 'key', key, 'enteredAt', entered_at)
         order by journey, key), '[]')
       from (select journey, key, max(entered_at) as entered_at from enrollments
             where (customer_id = c.id and ended_at is not null
                    or customer_id = c.inherits ->> 'from' and entered_at <= (c.inherits ->> 'until')::bigint)
               and (key is null or journey = any(${dateJourneys}) or key in (
               select p.value from batch, jsonb_each_text(batch.body -> 'properties') p))
             group by journey, key) past) as "pastEnrollments",
      exists (select 1 from suppressed_addresses s where s.workspace = c.workspace) as "hasSuppressions",
      case when c.account_id is not null then json_build_object('id', c.account_id, 'traits', coalesce(
        (select a.traits from accounts a where a.workspace = c.workspace and a.id = c.account_id), '{}')) end
          as account,
      ${eventHistoryJson(tx, query.eventWindows)} as "eventHistory",
      coalesce((select s.done_at is not null or s.cursor >= c.id from sweeps s
                where s.workspace = c.workspace and s.kind = 'activation' and s.version = w.config_version
                order by s.id limit 1), w.synced_version >= w.config_version) as "segmentsSwept",
      ${sharedUseJson(tx, query.shared)} as "sharedUse",
      (select version from model_snapshots m where m.workspace = c.workspace order by version desc limit 1)
        as "modelVersion",
      (select version from score_fits f where f.workspace = c.workspace order by version desc limit 1) as "fitVersion",
      (select coalesce(json_agg(json_build_object('action', p.action, 'since', p.since, 'harm', p.cause ->> 'harm')
         order by p.action), '[]') from paused_actions p where p.workspace = c.workspace and p.lifted_at is null)
           as "pausedActions",
      ${query.coupons ? couponsJson(tx) : tx`'null'::json`} as coupons,
      ${budgetsJson(tx, query.budgets)} as budgets
    from customers c
    join workspaces w on w.id = c.workspace
    left join wakes k on k.customer_id = c.id
    where c.id = ${customerId} and c.merged_into is null and c.erased_at is null`;
  if (!row) return null;
  const sharedUse = row.sharedUse.map(({ n, used, freeIn }) => ({
    ...(query.shared[n] as SharedCap),
    used,
    freeIn,
  }));
  const budgets = row.budgets.map(({ n, spent, unitsGiven: given }) => {
    const { action, resetsAt } = query.budgets[n] as BudgetQuery;
    return { action, spent, unitsGiven: given, resetsAt };
  });
  // A profile that an earlier build folded may lack members that this build reads.
  return { ...row, budgets, sharedUse, profile: { ...emptyProfile(), ...row.profile } };
}

function events(tx: Tx, from: ReturnType<Tx>) {
  return tx`(select coalesce(json_agg(json_build_object('id', e.id, 'seq', e.seq, 'type', e.type, 'name', e.name,
      'at', (extract(epoch from e.at) * 1000)::bigint, 'acceptedAt', (extract(epoch from e.accepted_at) * 1000)::bigint,
      'historical', e.historical, 'source', e.source, 'messageId', e.message_id, 'properties', e.body -> 'properties',
      'traits', e.body -> 'traits', 'context', e.body -> 'context', 'origin', e.origin,
      'repeats', e.repeats) order by e.seq), '[]')
    from ${from})`;
}

/** The customer's own tickets, and those of others that may still suppress this customer: as many as can be read. */
function tickets(tx: Tx, { silencedBy, now }: FactsQuery, short: boolean) {
  const own = tx`select k.*, null::text as owner_id from tickets k where k.customer_id = c.id`;
  const others = othersTickets(tx, { silencedBy, now });
  const all = others === null ? own : tx`${own} union all ${others}`;
  const json = tx`coalesce(json_agg(${ticketJson(tx, tx`k.owner_id`)}
    order by k.owner_id nulls first, k.id, k.source), '[]')`;
  if (short) return tx`(select ${json} from (select * from (${all}) t limit ${SHORT.tickets + 1}::int) k)`;
  // Events of the batch are compared with what is known of their ticket.
  const named = tx`select body -> 'properties' ->> x from batch, unnest('{ticket_id,ticketId}'::text[]) x
    where name like 'Ticket %'`;
  return tx`(select ${json} from ${limitTickets(tx, all, tx`${now}::bigint`, named)} k)`;
}

function shortConsents(tx: Tx) {
  return consentsJson(
    tx,
    null,
    tx`(select * from consents where customer_id = c.id limit ${SHORT.consents + 1}::int)`,
  );
}

function othersTickets(tx: Tx, { silencedBy, now }: Pick<FactsQuery, 'silencedBy' | 'now'>) {
  if (!silencedBy.account && !silencedBy.group) return null;
  const account = tx`(k.workspace = c.workspace and k.account_id = c.account_id)`;
  const group = tx`(k.person_key = c.person_key and k.workspace <> c.workspace
    and k.workspace in (${silencingMembers(tx)}))`;
  const others =
    silencedBy.account && silencedBy.group
      ? tx`${account} or ${group}`
      : silencedBy.account
        ? account
        : group;
  return tx`select k.*, k.customer_id as owner_id from tickets k
      where k.customer_id <> c.id and (k.status = 'open' or k.quiet_until is null or k.quiet_until > ${now})
        and (${others})`;
}

/** After an unmerge, the earlier deliveries of the other customer count for this one too. All of them are final. */
function deliveries(tx: Tx, { since }: FactsQuery, short: boolean) {
  const counted = tx`
    select * from deliveries where customer_id = c.id and (state in ('planned', 'held', 'sending')
      or (at > ${since} and state <> 'cancelled') or id in (select id from named))
    union all
    select * from deliveries where customer_id = c.inherits ->> 'from' and at > ${since}
      and at <= (c.inherits ->> 'until')::bigint and state in ('sent', 'unknown')`;
  const from = short
    ? tx`select * from (${counted}) own limit ${SHORT.deliveries + 1}::int`
    : tx`select * from (
        select own.*, row_number() over (partition by action, state in ('planned', 'held', 'sending')
          order by at desc, id) as n from (${counted}) own) ranked
      where n <= ${COUNTED_EFFECTS} or state in ('planned', 'held', 'sending') or id in (select id from named)`;
  return tx`(select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
       'class', class, 'purpose', purpose, 'topic', topic, 'channel', channel, 'key', key, 'state', state, 'at', at,
       'refusal', case when state = 'held' then verdict end) order by at, id), '[]')
     from (${from}) d)`;
}

function tasks(tx: Tx, { since }: FactsQuery, short: boolean) {
  const counted = tx`
    select * from agent_tasks where customer_id = c.id
      and (state in ('planned', 'open', 'acknowledged') or at > ${since} or id in (select id from named))`;
  const from = short
    ? tx`${counted} limit ${SHORT.tasks + 1}::int`
    : tx`select * from (
        select own.*, row_number() over (partition by action, state in ('planned', 'open', 'acknowledged')
          order by at desc, id) as n from (${counted}) own) ranked
      where n <= ${COUNTED_EFFECTS} or state in ('planned', 'open', 'acknowledged') or id in (select id from named)`;
  return tx`(select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
       'class', class, 'key', key, 'state', state, 'queue', queue, 'level', level, 'at', at,
       'acknowledgeBy', acknowledge_by, 'resolveBy', resolve_by, 'outcome', outcome) order by at, id), '[]')
     from (${from}) t)`;
}
