import type postgres from 'postgres';
import type { Change } from './checker/commit-order.ts';
import type { DeliveryRow, Evidence } from './checker/evidence.ts';
import { readDatabase } from './checker/read-database.ts';
import type { Violation } from './checker/violation.ts';
import { decodeCandidates } from './decode-candidates.ts';

type Expected = Pick<Violation, 'kind' | 'rule' | 'subject'>[];
type Corrupted = { evidence: Evidence; expected: Expected };

/** A way to spoil the results of a run without faults, and what the checker must report of it. */
export interface Corruption {
  what: string;
  corrupt(sql: postgres.Sql, evidence: Evidence): Promise<Corrupted>;
}

/** Changes the database, reads it as the checker does, and takes the change back. */
function inDatabase(
  what: string,
  change: (tx: postgres.TransactionSql, evidence: Evidence) => Promise<Expected>,
): Corruption {
  return {
    what,
    async corrupt(sql, evidence) {
      let corrupted: Corrupted | undefined;
      const undo = new Error('take it back');
      await sql
        .begin(async (tx) => {
          const expected = await change(tx, evidence);
          corrupted = {
            expected,
            evidence: { ...evidence, database: await readDatabase(tx, evidence.people, decodeCandidates) },
          };
          throw undo;
        })
        .catch((error) => {
          if (error !== undo) throw error;
        });
      return corrupted as Corrupted;
    },
  };
}

/** Changes what was read. */
function inEvidence(what: string, change: (evidence: Evidence) => Corrupted): Corruption {
  return { what, corrupt: async (_sql, evidence) => change(structuredClone(evidence)) };
}

export const CORRUPTIONS: Corruption[] = [
  inDatabase('a lost event', async (tx, { people }) => {
    const id = findStep(people, 'event');
    const [row] = await tx`delete from events where message_id = ${id} returning customer_id as customer`;
    return [
      { kind: 'lost', rule: 'acknowledged', subject: id },
      { kind: 'other', rule: 'gap', subject: row?.customer },
    ];
  }),
  inDatabase('a lost command', async (tx, { people }) => {
    const id = findStep(people, 'command');
    await tx`update events set body = '{}' where body #>> '{properties,reason}' = ${id}`;
    return [{ kind: 'lost', rule: 'acknowledged', subject: id }];
  }),
  inDatabase('a command that was done twice', async (tx, { people }) => {
    const id = findStep(people, 'command');
    const [row] = await tx`
      update customers set seq = seq + 1 where id =
        (select customer_id from events where body #>> '{properties,reason}' = ${id}) returning id, seq`;
    await tx`
      insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
      select customer_id, ${row?.seq}, workspace, 'evt_again', 'again', type, name, at, accepted_at, historical, source, body
      from events where body #>> '{properties,reason}' = ${id}`;
    return [{ kind: 'doubled', rule: 'event', subject: id }];
  }),
  inDatabase('a decision that is missing', async (tx, { database }) => {
    const [decision] = database.decisions.filter(({ ordinal }) => ordinal > 1).slice(-1);
    const customer = decision?.customerId as string;
    await tx`delete from decisions where customer_id = ${customer} and ordinal = 1`;
    return [{ kind: 'other', rule: 'ordinal', subject: customer }];
  }),
  inDatabase('a confirmation that was sent twice under two ids', async (tx, { database }) => {
    const { id, key } = findDelivery(database.deliveries, 'order-confirmation');
    await tx`
      insert into deliveries
      select (jsonb_populate_record(d, jsonb_build_object('id', d.id || '9', 'state', 'unknown'))).*
      from deliveries d where id = ${id}`;
    return [{ kind: 'doubled', rule: 'confirmation', subject: String(key) }];
  }),
  inDatabase('an order that was never confirmed', async (tx, { database, bounced, people }) => {
    const reachable = people.filter(({ email }) => !bounced.has(email)).flatMap(({ steps }) => steps);
    const orders = reachable.flatMap(({ meaning }) => (meaning.type === 'order' ? meaning.orderId : []));
    const delivery = findDelivery(
      database.deliveries.filter(({ key, state }) => orders.includes(String(key)) && state === 'sent'),
      'order-confirmation',
    );
    await tx`update deliveries set state = 'cancelled' where key = ${delivery.key} and action = 'order-confirmation'`;
    return [
      { kind: 'other', rule: 'message', subject: delivery.id },
      { kind: 'lost', rule: 'confirmation', subject: String(delivery.key) },
    ];
  }),
  inEvidence('a message that arrived twice', (evidence) => {
    const ids = new Set(evidence.database.deliveries.map(({ id }) => id));
    const receipt = evidence.receipts.find((each) => each.answer === 'accepted' && ids.has(each.deliveryId));
    if (!receipt) throw new Error('nothing was sent');
    const receipts = [...evidence.receipts, receipt];
    return {
      evidence: { ...evidence, receipts },
      expected: [{ kind: 'doubled', rule: 'message', subject: receipt.deliveryId }],
    };
  }),
  inEvidence('a message that nobody has planned', (evidence) => {
    const [person] = evidence.people;
    const receipts = [
      ...evidence.receipts,
      {
        deliveryId: 'dlv_none',
        channel: 'email' as const,
        to: String(person?.email),
        answer: 'accepted' as const,
      },
    ];
    return {
      evidence: { ...evidence, receipts },
      expected: [{ kind: 'other', rule: 'unknown message', subject: 'dlv_none' }],
    };
  }),
  inEvidence('a message that counts as sent and never left', (evidence) => {
    const sent = evidence.database.deliveries.find(({ state }) => state === 'sent');
    const receipts = evidence.receipts.filter(({ deliveryId }) => deliveryId !== sent?.id);
    return {
      evidence: { ...evidence, receipts },
      expected: [{ kind: 'lost', rule: 'message', subject: String(sent?.id) }],
    };
  }),
  beforeAClaim('a claim after a ticket', ({ customer_id }) => [
    {
      table: 'tickets',
      before: null,
      after: { customer_id, source: 'chaos', id: 'moved', status: 'open', severity: 'high' },
    },
  ]),
  beforeAClaim('a claim in the cool-down of a ticket', ({ customer_id }) => [
    {
      table: 'tickets',
      before: null,
      after: { customer_id, source: 'chaos', id: 'moved', status: 'closed', severity: 'high' },
    },
  ]),
  beforeAClaim('a claim after a withdrawal', ({ customer_id }) => [
    {
      table: 'consents',
      before: null,
      after: {
        customer_id,
        seq: 1_000,
        purpose: 'marketing',
        channel: '*',
        topic: '*',
        status: 'withdrawn',
        at: 9e15,
      },
    },
  ]),
  beforeAClaim('a claim after a pause', ({ customer_id }) => [
    { table: 'customers', before: null, after: { id: customer_id, paused: true, snoozed: null } },
  ]),
  beforeAClaim('a claim in a snooze', ({ customer_id }) => [
    { table: 'customers', before: null, after: { id: customer_id, paused: false, snoozed: { until: 9e15 } } },
  ]),
  beforeAClaim(
    'a claim beyond a cap',
    (claim) =>
      [1, 2, 3].map((n) => ({
        table: 'deliveries' as const,
        before: null,
        after: { ...claim, id: `other-${n}`, state: 'sent', channel: 'email' },
      })),
    { kind: 'other', rule: 'cap' },
  ),
  inEvidence('a workflow that does not answer', (evidence) => {
    const [userId, view] = findView(evidence);
    evidence.views.set(userId, { ...view, live: null });
    return { evidence, expected: [{ kind: 'stuck', rule: 'live', subject: userId }] };
  }),
  inEvidence('a workflow that differs from its view', (evidence) => {
    const [userId, view] = findView(evidence);
    view.live?.openTickets.push({ id: 'nowhere else' });
    return { evidence, expected: [{ kind: 'other', rule: 'live differs', subject: userId }] };
  }),
  inEvidence('a view without an order', (evidence) => {
    const [userId, view] = findView(evidence, ({ orders }) => orders.length > 0);
    view.orders.pop();
    return { evidence, expected: [{ kind: 'other', rule: 'view differs', subject: userId }] };
  }),
  inEvidence('a block that nothing lifts', (evidence) => {
    const decision = evidence.database.decisions.find(({ blocks }) => blocks.some(({ lifts }) => lifts));
    const block = decision?.blocks.find(({ lifts }) => lifts);
    if (block) block.lifts = false;
    const subject = `${decision?.customerId} ${decision?.epoch}/${decision?.ordinal}`;
    return { evidence, expected: [{ kind: 'other', rule: 'reason', subject }] };
  }),
  inEvidence('a decision that would be another', (evidence) => ({
    evidence: { ...evidence, decidedAgain: { replayed: 9, changed: 1 } },
    expected: [{ kind: 'other', rule: 'decided again', subject: 'decisions' }],
  })),
  inEvidence('a history that does not replay', (evidence) => ({
    evidence: { ...evidence, unreplayable: [{ workflowId: 'workflow', error: 'TMPRL1100' }] },
    expected: [{ kind: 'other', rule: 'replay', subject: 'workflow' }],
  })),
];

/** Inserts changes just before the last claim of a marketing message, as if they had been committed before it. */
function beforeAClaim(
  what: string,
  insert: (claim: Record<string, unknown>) => Omit<Change, 'n'>[],
  violation: Omit<Expected[number], 'subject'> = { kind: 'late', rule: 'claim' },
): Corruption {
  return inDatabase(what, async (tx, { database }) => {
    const claim = findMarketingClaim(database);
    if (!claim?.after) throw new Error('no marketing was claimed');
    // Room for what is inserted. What it silences may speak again at once.
    await tx`update chaos.changes set n = -10 * n`;
    await tx`update chaos.changes set n = -n`;
    const changes = insert(claim.after);
    for (const [index, change] of changes.entries()) {
      const n = claim.n * 10 - 5 + index;
      await tx`
        insert into chaos.changes (n, "table", before, after)
        values (${n}, ${change.table}, ${tx.json(change.before as never)}, ${tx.json(change.after as never)})`;
      if (change.table === 'customers')
        await tx`
          insert into chaos.changes (n, "table", before, after)
          values (${claim.n * 10 + 1}, 'customers', null, ${tx.json({ id: change.after?.id, paused: false } as never)})`;
    }
    return [{ ...violation, subject: String(claim.after.id) }];
  });
}

/** The last claim of a marketing message; undefined if all marketing was held. */
export function findMarketingClaim(database: Evidence['database']): Change | undefined {
  return database.changes.findLast(
    ({ table, before, after }) =>
      table === 'deliveries' &&
      after?.class === 'marketing' &&
      after.state === 'sending' &&
      after.fence !== before?.fence,
  );
}

function findStep(people: Evidence['people'], kind: 'event' | 'command'): string {
  const steps = people
    .filter(({ anonymousId }) => anonymousId === null)
    .flatMap((person) => person.steps)
    .filter(({ said, meaning }) => said.kind === kind && meaning.type !== 'order');
  return steps[Math.floor(steps.length / 2)]?.said.id as string;
}

function findDelivery(deliveries: DeliveryRow[], action: string): DeliveryRow {
  const found = deliveries.find((each) => each.action === action && ['sent', 'unknown'].includes(each.state));
  if (!found) throw new Error(`no ${action} was sent`);
  return found;
}

type View = NonNullable<ReturnType<Evidence['views']['get']>>;

function findView({ views }: Evidence, fits: (view: View) => boolean = () => true): [string, View] {
  for (const [userId, view] of views) if (view?.live && fits(view)) return [userId, view];
  throw new Error('no view fits');
}
