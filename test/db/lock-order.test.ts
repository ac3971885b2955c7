import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRetryable, type Tx } from '../../db/client.ts';
import { appendConsents } from '../../db/customers/append-consents.ts';
import { saveDecision } from '../../db/decisions/save-decision.ts';
import { saveOutbox } from '../../db/events/outbox.ts';
import { saveProgress } from '../../db/journeys/save-progress.ts';
import { LOCK_ORDER, type LockSteps, runInLockOrder } from '../../db/locks/lock-order.ts';
import { saveTickets } from '../../db/tickets/tickets.ts';
import { requestWakes } from '../../db/wakes/request-wakes.ts';
import { toProgressView } from '../../src/domain/protocol.ts';
import { emptyState } from '../../src/domain/state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.sql`
    insert into journeys (customer_id, workspace, epoch) values (${CUSTOMER}, ${WORKSPACE}, 1)`;
});
afterAll(() => database.drop());

const WORKSPACE = 'aroma';
const CUSTOMER = 'cus_order';
const ids = { workspace: WORKSPACE, customerId: CUSTOMER };

test('throws and sends nothing when two steps are swapped', async () => {
  for (const [n, later] of LOCK_ORDER.entries())
    for (const earlier of LOCK_ORDER.slice(0, n)) {
      const sent: string[] = [];
      const step = (name: string) => async () => sent.push(name);
      const swapped: LockSteps = { [later]: step(later), [earlier]: step(earlier) };
      await expect(runInLockOrder(swapped)).rejects.toThrow(`${earlier} is locked before ${later}`);
      expect(sent).toEqual([]);
    }
});

test('returns each result under the name of its step and leaves out steps without rows', async () => {
  const results = await runInLockOrder({
    events: async () => 1,
    tickets: undefined,
    wakes: async () => 'two',
  });
  expect(results).toEqual({ events: 1, wakes: 'two' });
});

test('Postgres receives the statements in the documented order, in one round trip', async () => {
  const received: string[] = [];
  const sql = postgres(database.url, {
    max: 1,
    debug: (_connection, query) => received.push(/(?:insert into|update) "?(\w+)/.exec(query)?.[1] ?? ''),
  });
  try {
    await sql.begin(async (tx) => {
      await runInLockOrder(steps(tx));
    });
  } finally {
    await sql.end();
  }
  expect(received.filter(Boolean)).toEqual(['decisions', 'outbox', 'tickets', 'consents', 'wakes', 'wakes']);
});

test('transactions that write tickets and wakes in the same order never deadlock; in opposite orders they do', async () => {
  const { sql } = database.db;
  await sql`insert into wakes (customer_id, workspace, requested_seq) values (${CUSTOMER}, ${WORKSPACE}, 0)
            on conflict do nothing`;
  const lockTicket = (tx: Tx) => tx`update tickets set seq = seq + 1 where customer_id = ${CUSTOMER}`;
  const lockWake = (tx: Tx) =>
    tx`update wakes set requested_seq = requested_seq + 1 where customer_id = ${CUSTOMER}`;
  const inOrder = () =>
    sql.begin((tx) => runInLockOrder({ tickets: () => lockTicket(tx), wakes: () => lockWake(tx) }));
  await Promise.all(Array.from({ length: 20 }, inOrder));

  let bothHold = () => {};
  const meeting = new Promise<void>((resolve) => {
    bothHold = resolve;
  });
  let holding = 0;
  const meet = () => {
    holding += 1;
    if (holding === 2) bothHold();
    return meeting;
  };
  const opposite = [
    [lockTicket, lockWake],
    [lockWake, lockTicket],
  ] as const;
  const outcomes = await Promise.allSettled(
    opposite.map(([first, second]) =>
      sql.begin(async (tx) => {
        await first(tx);
        await meet();
        await second(tx);
      }),
    ),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(failures).toHaveLength(1);
  expect(isRetryable(failures[0])).toBe(true);
});

/** Steps of a decision and of acceptance together: the functions differ in how they send their statements. */
function steps(tx: Tx) {
  const at = Date.UTC(2026, 0, 5);
  return {
    decision: () =>
      saveDecision(tx, {
        ...ids,
        id: 'dec_order',
        epoch: 1,
        ordinal: 1,
        at,
        fromSeq: 0,
        toSeq: 1,
        bundleVersion: 1,
        outcome: 'moved',
        actions: [],
        candidates: [],
        changes: [],
        context: null,
        arbitrations: null,
      }),
    outbox: () =>
      saveOutbox(tx, ids, [
        {
          messageId: 'order/1',
          type: 'track',
          name: 'Order Noted',
          source: 'throughline',
          traits: {},
          properties: {},
        },
      ]),
    tickets: () =>
      saveTickets(tx, [
        {
          ...ids,
          id: 'T1',
          source: 'desk',
          status: 'open',
          rawStatus: 'open',
          severity: 'normal',
          product: null,
          subject: 'late parcel',
          version: at,
          seq: 1,
          openedAt: at,
          closedAt: null,
          quietUntil: null,
          accountId: null,
          personKey: null,
        },
      ]),
    consents: () =>
      appendConsents(tx, [
        {
          customerId: CUSTOMER,
          purpose: 'tips',
          channel: '*',
          topic: '*',
          status: 'granted',
          source: 'shop',
          at,
          seq: 1,
        },
      ]),
    wakes: () => requestWakes(tx, [{ ...ids, before: 0, after: 1 }]),
    newWakes: () =>
      saveProgress(
        tx,
        {
          customerId: CUSTOMER,
          ordinal: 1,
          processedSeq: 1,
          state: emptyState(),
          bundleVersion: 1,
          lastNow: at,
          wakeAt: null,
          answer: {
            kind: 'decided',
            ordinal: 1,
            processedSeq: 1,
            state: toProgressView(emptyState()),
            effects: [],
            wakeAt: null,
          },
        },
        { ...ids, processedSeq: 1, checksDone: 0, holdBack: false, parkedForMs: null },
      ),
  };
}
