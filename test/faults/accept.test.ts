import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { BundleUnavailable, createBundleCache } from '../../db/config/bundle-cache.ts';
import { acceptOrSplit, IntakeBatcher } from '../../src/app/intake/batcher.ts';
import { type IncomingEvent, Unavailable } from '../../src/app/intake/incoming-event.ts';
import { recompileBundle } from '../../src/definitions/compile/recompile.ts';
import { emptyProfile, foldProfile } from '../../src/domain/customer/profile.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

let counter = 0;
function event(more: Partial<IncomingEvent>): IncomingEvent {
  return {
    workspace: WORKSPACE,
    messageId: `accept-${counter++}`,
    type: 'track',
    name: 'Order Completed',
    at: Date.now(),
    historical: false,
    source: 'test',
    properties: {},
    traits: {},
    context: {},
    ...more,
  };
}

test('fault 11: fifty copies of one message under two anonymous ids in two APIs are one event', async () => {
  const second = openDatabase(system.db.url, { name: 'second api' });
  const apis = [system.db.db, second].map(
    (db) =>
      new IntakeBatcher(
        { db, bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)) },
        { maxBatch: 7 },
      ),
  );
  const receipts = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      (apis[i % 2] as IntakeBatcher).accept([
        event({ messageId: 'one', anonymousId: i % 3 ? 'anon-a' : 'anon-b' }),
      ]),
    ),
  );
  expect(receipts.flat().filter((r) => r.status === 'accepted')).toHaveLength(1);
  const rows = await system.db.db.sql`select seq from events where message_id = 'one'`;
  expect(rows).toHaveLength(1);
  await second.close();
});

test('correctness 13: an API that has the old bundle cached wakes journeys for a bundle activated a moment ago', async () => {
  const other = {
    db: system.db.db,
    bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
  };
  await acceptOrSplit(other, [event({ name: 'Machine Descaled', userId: 'late' })]);
  const [asleep] = await system.db.db
    .sql`select requested_seq > processed_seq as pending from wakes w join identities i using (customer_id) where i.value = 'late'`;
  expect(asleep?.pending).toBe(false);
  await system.applyExample((files) =>
    treatEveryCustomer(files).map((f) =>
      f.path === 'journeys/ticket-care.yaml'
        ? {
            ...f,
            text: f.text.replace(
              'enter: { on: Ticket Opened }',
              'enter: [{ on: Ticket Opened }, { on: Machine Descaled }]',
            ),
          }
        : f,
    ),
  );
  await acceptOrSplit(other, [event({ name: 'Machine Descaled', userId: 'late' })]);
  const [awake] = await system.db.db
    .sql`select requested_seq > processed_seq as pending from wakes w join identities i using (customer_id) where i.value = 'late'`;
  expect(awake?.pending).toBe(true);
});

test('correctness 21: one event that Postgres refuses is saved as rejected and doesn’t fail its batch', async () => {
  const batch = Array.from({ length: 9 }, (_, i) => event({ userId: `batch-${i}` }));
  const bad = event({ userId: 'batch-bad', properties: { text: 'a\u0000b' } });
  const receipts = await acceptOrSplit({ db: system.db.db, bundles: system.service.bundles }, [
    ...batch.slice(0, 4),
    bad,
    ...batch.slice(4),
  ]);
  expect(receipts.filter((r) => r.status === 'accepted')).toHaveLength(9);
  expect(receipts[4]?.status).toBe('rejected');
  const [row] = await system.db.db.sql`select code, reason from rejected where message_id = ${bad.messageId}`;
  expect(row?.code).toBe('unstorable');
});

test('fault 7: every event of a batch is answered as unavailable when Postgres is unreachable', async () => {
  const db = openDatabase('postgres://nobody:x@127.0.0.1:9/none');
  const gatherer = new IntakeBatcher({
    db,
    bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
  });
  await expect(gatherer.accept([event({ userId: 'x' })])).rejects.toBeInstanceOf(Unavailable);
  await db.close();
});

test('I1, I5: the log is gapless and the profile is its fold, for any batches, duplicates and races', async () => {
  const one = fc.record({
    user: fc.constantFrom('p1', 'p2', 'p3'),
    name: fc.constantFrom('Order Completed', 'Product Added', 'Payment Failed', 'Page Viewed'),
    order: fc.integer({ min: 1, max: 5 }),
    total: fc.integer({ min: 0, max: 100 }),
    copies: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 6 }),
      async (list, batch) => {
        const run = `r${counter++}`;
        const gatherer = new IntakeBatcher(
          { db: system.db.db, bundles: system.service.bundles },
          { maxBatch: batch, windowMs: 0 },
        );
        const events = list.map((e) =>
          event({
            name: e.name,
            userId: `${run}-${e.user}`,
            properties: { order_id: `o-${e.order}`, total: e.total, product_id: `x${e.order}` },
          }),
        );
        await Promise.all(
          list.flatMap((e, i) =>
            Array.from({ length: e.copies }, () => gatherer.accept([events[i] as IncomingEvent])),
          ),
        );
        const customers = await system.db.db.sql`
        select c.id, c.seq, c.profile from customers c join identities i on i.customer_id = c.id where i.value like ${`${run}-%`}`;
        let total = 0;
        for (const customer of customers) {
          const log = await system.db.db.sql`
          select seq, repeats, type, name, source, (extract(epoch from at) * 1000)::bigint as at, body from events
          where customer_id = ${customer.id} order by seq`;
          expect(log.map((e) => e.seq)).toEqual(Array.from({ length: customer.seq }, (_, i) => i + 1));
          const profile = emptyProfile();
          for (const e of log) foldProfile(profile, { ...e, ...e.body } as never, 'EUR');
          expect(customer.profile).toEqual(JSON.parse(JSON.stringify(profile)));
          total += log.length;
        }
        expect(total).toBe(events.length);
      },
    ),
    { numRuns: 15 },
  );
});

test('correctness 23: a customer whose row is locked doesn’t delay other customers', async () => {
  await system.accept({ name: 'Order Completed', userId: 'stuck' });
  const stuck = await system.findCustomerId('stuck');
  const gatherer = new IntakeBatcher({ db: system.db.db, bundles: system.service.bundles });
  await system.db.db.sql.begin(async (tx) => {
    await tx`select 1 from customers where id = ${stuck} for update`;
    const held = gatherer.accept([event({ userId: 'stuck' })]).catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = Date.now();
    await gatherer.accept([event({ userId: 'a stranger' })]);
    expect(Date.now() - started).toBeLessThan(1_500);
    void held;
  });
  await waitUntil(async () => {
    const [row] = await system.db.db.sql`select seq from customers where id = ${stuck}`;
    return row?.seq >= 1;
  }, 'the held event');
});

test('security 2: a bundle that cannot be read stops the events of its workspace only', async () => {
  const { db } = system.db;
  const broken = 'broken';
  await db.sql`insert into workspaces (id, config_version) values (${broken}, 1)`;
  const read = createBundleCache((_, ...bundle) => recompileBundle(...bundle));
  const bundles: typeof read = async (tx, workspace, version) => {
    if (workspace === broken) throw new BundleUnavailable('broken@1 takes longer than 20 s to compile');
    return read(tx, workspace, version);
  };
  // Both are in one batch.
  const batcher = new IntakeBatcher({ db, bundles }, { windowMs: 50 });
  const [own, other] = await Promise.allSettled([
    batcher.accept([event({ userId: 'b-1', workspace: broken })]),
    batcher.accept([event({ userId: 'b-2' })]),
  ]);
  expect(own).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
  expect(other).toMatchObject({ status: 'fulfilled', value: [{ status: 'accepted' }] });
});
