import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import { mergeOverdue } from '../../../src/app/identity/merge-discovered.ts';
import { acceptOrSplit, IntakeBatcher } from '../../../src/app/intake/batcher.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import { isParseRefusal, parseCall } from '../../../src/sources/segment.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { buildEvent, createIntake, readCustomerId, readLog } from '../intake/support.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

/** Parses a call as a source does, and accepts it. Returns the customer's id. */
async function acceptCall(raw: Record<string, unknown>) {
  const parsed = parseCall(raw, null, {
    workspace: WORKSPACE,
    receivedAt: Date.now(),
    sentAt: undefined,
    historical: false,
    source: 'test',
  });
  if (isParseRefusal(parsed)) throw new Error(parsed.reason);
  const [receipt] = await acceptOrSplit(createIntake(system), [parsed]);
  return receipt?.customerId as string;
}

test('A-1: user id, anonymous id, e-mail, phone and external id lead to one profile, in any order', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
      const n = run++;
      const ids = {
        userId: `a1-${n}`,
        anonymousId: `a1-${n}`,
        traits: { email: `A1-${n}@Example.com`, phone: `+49 170 ${1_000_000 + n}` },
        context: { externalIds: [{ type: 'crm', id: `a1-${n}` }] },
      };
      const customer = await acceptCall({ type: 'identify', ...ids });
      const ways = [
        { userId: ids.userId },
        { anonymousId: ids.anonymousId },
        { context: { traits: { email: `a1-${n}@example.com ` } } },
        { context: { traits: { phone: `+49-170-${1_000_000 + n}` } } },
        { context: { externalIds: [{ type: 'crm', id: `a1-${n}` }] } },
      ];
      for (const way of order) {
        const customerId = await acceptCall({
          type: 'track',
          event: 'Product Added',
          properties: { way },
          ...ways[way],
        });
        expect(customerId).toBe(customer);
      }
      const [row] = await system.db.db.sql`select profile from customers where id = ${customer}`;
      expect(row?.profile.counts['Product Added'].n).toBe(5);
    }),
    { numRuns: 10 },
  );
});

test('external ids of different types are different identities, and an unreadable one is refused', async () => {
  const crm = await acceptCall({ type: 'page', context: { externalIds: [{ type: 'crm', id: '7' }] } });
  const shop = await acceptCall({ type: 'page', context: { externalIds: [{ type: 'shop', id: '7' }] } });
  expect(shop).not.toBe(crm);
  await expect(acceptCall({ type: 'page', context: { externalIds: [{ type: 'crm' }] } })).rejects.toThrow(
    /externalIds/,
  );
  await expect(acceptCall({ type: 'page', context: { externalIds: 'crm:7' } })).rejects.toThrow(
    /externalIds/,
  );
});

test('B-6: an identify with a bound user id and a bound anonymous id merges both customers before it is answered', async () => {
  const visitor = await acceptCall({
    type: 'track',
    event: 'Product Added',
    anonymousId: 'm1',
    properties: { product_id: 'p' },
  });
  const user = await acceptCall({ type: 'page', userId: 'm1' });
  expect(visitor).not.toBe(user);
  await acceptCall({ type: 'identify', userId: 'm1', anonymousId: 'm1' });
  expect(await readCustomerId(system, 'anon', 'm1')).toBe(user);
  const log = await readLog(system, user);
  expect(log.map((e) => e.name)).toEqual(['Page Viewed', 'Customer Identified', 'Customer Merged']);
  expect(log.at(-1)?.context.merged).toMatchObject({ customerId: visitor });
  expect(await system.db.db.sql`select 1 from merges_due`).toHaveLength(0);
});

test('an alias of a bound anonymous id merges two customers; an alias of an unbound id binds it', async () => {
  const visitor = await acceptCall({ type: 'page', anonymousId: 'al1' });
  const user = await acceptCall({ type: 'page', userId: 'al1' });
  await acceptCall({ type: 'alias', previousId: 'al1', userId: 'al1' });
  const [row] = await system.db.db.sql`select merged_into from customers where id = ${visitor}`;
  expect(row?.merged_into).toBe(user);
  await acceptCall({ type: 'alias', previousId: 'al2', userId: 'al1' });
  expect(await readCustomerId(system, 'anon', 'al2')).toBe(user);
});

test('an alias with an anonymous id beside the previous one merges all three customers before it is answered', async () => {
  for (const userId of ['al3', undefined]) {
    const [name, known] = [userId ?? 'al4', userId === undefined ? {} : { userId }];
    const previous = await acceptCall({ type: 'page', anonymousId: `${name}-previous` });
    const visitor = await acceptCall({ type: 'page', anonymousId: `${name}-device` });
    const user = userId === undefined ? visitor : await acceptCall({ type: 'page', userId });
    expect(new Set([previous, visitor, user]).size).toBe(userId === undefined ? 2 : 3);
    const ids = { ...known, anonymousId: `${name}-device`, previousId: `${name}-previous` };
    await acceptCall({ type: 'alias', ...ids });
    const owner = await readCustomerId(system, 'anon', `${name}-previous`);
    expect(await readCustomerId(system, 'anon', `${name}-device`)).toBe(owner);
    expect(owner).toBe(userId === undefined ? previous : user);
    const log = await readLog(system, owner);
    const merges = log.filter((event) => event.name === 'Customer Merged');
    expect(merges).toHaveLength(new Set([previous, visitor, user]).size - 1);
  }
  expect(await system.db.db.sql`select 1 from merges_due`).toHaveLength(0);
});

test('calls of one batch that join four customers one by one merge all of them', async () => {
  for (const id of ['ch-a', 'ch-b', 'ch-c']) await acceptCall({ type: 'page', anonymousId: id });
  const user = await acceptCall({ type: 'page', userId: 'ch' });
  const call = (ids: object) => ({ type: 'alias' as const, name: 'Alias Made', ...ids });
  await acceptOrSplit(createIntake(system), [
    buildEvent(call({ anonymousId: 'ch-a', previousId: 'ch-b' })),
    buildEvent(call({ anonymousId: 'ch-b', previousId: 'ch-c' })),
    buildEvent(call({ userId: 'ch', previousId: 'ch-c' })),
  ]);
  for (const id of ['ch-a', 'ch-b', 'ch-c']) expect(await readCustomerId(system, 'anon', id)).toBe(user);
  expect(await system.db.db.sql`select 1 from merges_due`).toHaveLength(0);
});

test('an alias merges a customer without a user id although the device belongs to another user', async () => {
  const other = await acceptCall({ type: 'identify', userId: 'al5-other', anonymousId: 'al5-device' });
  const user = await acceptCall({ type: 'page', userId: 'al5' });
  await acceptCall({ type: 'page', anonymousId: 'al5-previous' });
  await acceptCall({ type: 'alias', userId: 'al5', anonymousId: 'al5-device', previousId: 'al5-previous' });
  expect(await readCustomerId(system, 'anon', 'al5-previous')).toBe(user);
  expect(await readCustomerId(system, 'anon', 'al5-device')).toBe(other);
});

test('doesn’t merge two user ids, and doesn’t merge by an address alone', async () => {
  const one = await acceptCall({
    type: 'identify',
    userId: 'u1',
    anonymousId: 'shared',
    traits: { email: 'f@example.com' },
  });
  const two = await acceptCall({ type: 'identify', userId: 'u2', anonymousId: 'shared2' });
  await acceptCall({
    type: 'identify',
    userId: 'u2',
    anonymousId: 'shared',
    traits: { email: 'f@example.com' },
  });
  await acceptCall({ type: 'alias', userId: 'u2', previousId: 'shared' });
  expect(await readCustomerId(system, 'user', 'u1')).toBe(one);
  expect(await readCustomerId(system, 'user', 'u2')).toBe(two);
  expect(await readCustomerId(system, 'email', 'f@example.com')).toBe(one);
  const lost = await system.db.db
    .sql`select 1 from customers where id = any(${[one, two]}) and merged_into is not null`;
  expect(lost).toHaveLength(0);
});

test('correctness 15: the relay makes a merge that the accepting process didn’t make', async () => {
  const visitor = await acceptCall({ type: 'page', anonymousId: 'left' });
  const user = await acceptCall({ type: 'page', userId: 'left' });
  const [one, other] = [visitor, user].sort();
  await system.db.db.sql`
    insert into merges_due (workspace, first_id, second_id, reason, at)
    values (${WORKSPACE}, ${one as string}, ${other as string}, 'identify', now() - interval '1 minute')`;
  expect(await mergeOverdue(createIntake(system))).toBe(1);
  expect(await readCustomerId(system, 'anon', 'left')).toBe(user);
  expect(await mergeOverdue(createIntake(system))).toBe(0);
});

test('correctness 24: concurrent first events and logins of one person in two APIs end as one customer', async () => {
  const second = openDatabase(system.db.url, { name: 'second api' });
  const apis = [system.db.db, second].map(
    (db) =>
      new IntakeBatcher(
        { db, bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)) },
        { maxBatch: 3, windowMs: 0 },
      ),
  );
  for (let round = 0; round < 5; round++) {
    const ids = { userId: `c24-${round}`, anonymousId: `c24-${round}` };
    const calls = [
      { anonymousId: ids.anonymousId },
      { userId: ids.userId },
      { type: 'identify' as const, name: 'Customer Identified', ...ids },
    ];
    const said = Array.from({ length: 24 }, (_, i) => buildEvent(calls[i % 3] ?? {}));
    await Promise.all(said.map((one, i) => (apis[i % 2] as IntakeBatcher).accept([one])));
    await system.db.db.sql`update merges_due set at = now() - interval '1 minute'`;
    await mergeOverdue(createIntake(system));
    const customer = await readCustomerId(system, 'user', ids.userId);
    expect(await readCustomerId(system, 'anon', ids.anonymousId)).toBe(customer);
    const places = await system.db.db.sql`
      select customer_id from events where message_id = any(${said.map((e) => e.messageId)})`;
    expect(places).toHaveLength(24);
  }
  await second.close();
});
