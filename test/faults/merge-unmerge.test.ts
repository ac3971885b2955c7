import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishStaleOutbox } from '../../src/app/decide/publish-outbox.ts';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { unmergeCustomers } from '../../src/app/identity/unmerge-customers.ts';
import { acceptOrSplit } from '../../src/app/intake/batcher.ts';
import { resolveConsent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, foldProfile } from '../../src/domain/customer/profile.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { buildEvent, createIntake, type LogRow, readCustomerId, readLog } from '../app/intake/support.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };

async function merge(loser: string, winner: string): Promise<void> {
  const merged = await mergeCustomers(createIntake(system), { ...why, loser, winner });
  if (!merged.ok) throw new Error(merged.message);
}

async function unmerge(loser: string): Promise<string> {
  const unmerged = await unmergeCustomers(createIntake(system), { ...why, loser });
  if (!unmerged.ok) throw new Error(unmerged.message);
  return unmerged.customerId;
}

async function profileOf(customerId: string) {
  const [row] = await system.db.db.sql`select profile from customers where id = ${customerId}`;
  return row?.profile;
}

/** Folds as an unmerge does: events of before carry number 0, because their numbers belong to other logs. */
function folded(events: LogRow[]) {
  const profile = emptyProfile();
  for (const one of events) foldProfile(profile, { ...one, seq: 0 } as never, 'EUR');
  return JSON.parse(JSON.stringify(profile));
}

const traitSeqs = (profile: ReturnType<typeof emptyProfile>) => ({
  ...profile,
  traits: Object.fromEntries(Object.entries(profile.traits).map(([name, t]) => [name, { ...t, seq: 0 }])),
});

test('B-6, correctness 16: an unmerge gives each customer their events, before the merge and since, and silences both', async () => {
  const activities = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent' as const, providerId: '' })),
  );
  const order = (id: string, total: number) => ({ order_id: id, total });
  await system.accept(
    {
      name: 'Order Completed',
      userId: 'w',
      context: {
        consent: { categoryPreferences: { marketing: true } },
        traits: { email: 'w@example.com', locale: 'de-AT' },
      },
      properties: order('w1', 10),
    },
    {
      name: 'Order Completed',
      anonymousId: 'l',
      email: 'l@example.com',
      context: { traits: { email: 'l@example.com' }, locale: 'fr' },
      properties: order('l1', 1),
    },
    { name: 'Consent Changed', anonymousId: 'l', properties: { purpose: 'marketing', status: 'withdrawn' } },
  );
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'w'),
    await readCustomerId(system, 'anon', 'l'),
  ];
  await activities.deliver(loser, await activities.planDelivery(loser));
  await activities.deliver(winner, await activities.planDelivery(winner));
  await merge(loser, winner);
  await activities.decide(winner, null);
  const { ordinal } = (await activities.decide(winner, null)) as ProgressAnswer;
  await activities.decide(winner, ordinal + 1);
  await system.accept(
    { name: 'Order Completed', userId: 'w', properties: order('w2', 20), context: { locale: 'en-US' } },
    { name: 'Order Completed', anonymousId: 'l', properties: order('l2', 2) },
    { name: 'Ticket Opened', anonymousId: 'l', properties: { ticket_id: 'T1' } },
  );
  const mixed = await readLog(system, winner);
  expect((await profileOf(winner)).traits.locale).toMatchObject({
    value: 'de-AT',
    other: { value: 'en-US' },
  });
  const heir = await unmerge(loser);

  expect([winner, loser]).not.toContain(heir);
  const [row] = await system.db.db.sql`select merged_into from customers where id = ${loser}`;
  expect(row?.merged_into).toBe(heir);
  expect(await readCustomerId(system, 'anon', 'l')).toBe(heir);
  expect(await readCustomerId(system, 'email', 'l@example.com')).toBe(heir);
  expect(await readCustomerId(system, 'user', 'w')).toBe(winner);

  const lost = await readLog(system, loser);
  const [oursNow, theirsNow] = [await readLog(system, winner), await readLog(system, heir)];
  const ofLoser = mixed.filter((e) => e.origin === loser);
  const ours = folded([...mixed.filter((e) => e.origin === null), ...oursNow.slice(mixed.length)]);
  const theirs = folded([...lost, ...ofLoser, ...theirsNow]);
  expect(traitSeqs(await profileOf(winner))).toEqual(ours);
  expect(traitSeqs(await profileOf(heir))).toEqual(theirs);
  expect((await profileOf(heir)).traits.email.value).toBe('l@example.com');
  expect((await profileOf(winner)).traits.locale).toMatchObject({
    value: 'de-AT',
    other: { value: 'en-US' },
  });
  expect((await profileOf(heir)).traits.locale).toMatchObject({ value: 'fr', device: true });
  expect(oursNow.at(-1)).toMatchObject({ name: 'Customer Unmerged', properties: { into: heir } });
  expect(theirsNow).toMatchObject([{ seq: 1, name: 'Customer Unmerged', properties: { from: winner } }]);

  const { sql } = system.db.db;
  for (const id of [winner, heir]) {
    expect(await sql`select id from tickets where customer_id = ${id} and status = 'open'`).toHaveLength(1);
    const consents = await sql`select * from consents where customer_id = ${id} order by at, seq`;
    expect(resolveConsent(consents as never, 'marketing', 'email', '*')?.status).toBe('withdrawn');
  }
  const [kept] = await sql`select inherits from customers where id = ${heir}`;
  expect(kept?.inherits.from).toBe(winner);
  expect(kept?.inherits.until).toBeGreaterThan(Date.now() - 60_000);
  const seeds = await sql`
    select coalesce(state ->> 'seed', customer_id) as seed from journeys where customer_id = any(${[winner, heir]})`;
  expect(new Set(seeds.map((s) => s.seed)).size).toBe(1);

  const answer = (await activities.decide(heir, null)) as ProgressAnswer;
  expect(answer.state.openTickets).toHaveLength(1);
  const [facts] = await sql`
    select count(*) as n from deliveries where customer_id = ${winner} and state = 'sent'`;
  expect(Number(facts?.n)).toBeGreaterThanOrEqual(2);
});

test('correctness 16: a consent given after an unmerge isn’t mistaken for a copied one', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'cw' }, { name: 'Page Viewed', userId: 'cl' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'cw'),
    await readCustomerId(system, 'user', 'cl'),
  ];
  await system.accept({
    name: 'Consent Changed',
    userId: 'cw',
    properties: { purpose: 'marketing', status: 'granted' },
  });
  await merge(loser, winner);
  const heir = await unmerge(loser);
  for (const status of ['granted', 'withdrawn']) {
    await system.accept({
      name: 'Consent Changed',
      userId: 'cl',
      properties: { purpose: 'marketing', status },
    });
    const consents = await system.db.db.sql`select * from consents where customer_id = ${heir}`;
    expect(resolveConsent(consents as never, 'marketing', 'email', '*')?.status).toBe(status);
  }
});

test('correctness 16: an unmerge takes earlier merges of the customer along, and the others keep their events', async () => {
  for (const userId of ['k1', 'k2', 'k3'])
    await system.accept({ name: 'Product Added', userId, properties: { product_id: userId } });
  const [k1, k2, k3] = [
    await readCustomerId(system, 'user', 'k1'),
    await readCustomerId(system, 'user', 'k2'),
    await readCustomerId(system, 'user', 'k3'),
  ];
  await merge(k1, k2);
  await merge(k2, k3);
  const heir = await unmerge(k2);
  expect(await readCustomerId(system, 'user', 'k1')).toBe(heir);
  expect(await readCustomerId(system, 'user', 'k3')).toBe(k3);
  expect((await profileOf(heir)).counts['Product Added'].n).toBe(2);
  expect((await profileOf(k3)).counts['Product Added'].n).toBe(1);

  const second = await unmerge(k1);
  expect(await readCustomerId(system, 'user', 'k1')).toBe(second);
  expect(await readCustomerId(system, 'user', 'k2')).toBe(heir);
  expect((await profileOf(heir)).counts['Product Added'].n).toBe(1);
  expect((await profileOf(second)).counts['Product Added'].n).toBe(1);

  await merge(heir, second);
  expect((await profileOf(second)).counts['Product Added'].n).toBe(2);
  const rows = await system.db.db
    .sql`select id, merged_into from customers where id = any(${[k1, k2, heir]})`;
  expect(rows.map((r) => r.merged_into)).toEqual([second, second, second]);
  expect(await unmergeCustomers(createIntake(system), { ...why, loser: k1 })).toMatchObject({
    ok: false,
    reason: 'not_merged',
  });
});

test('correctness 16: after an unmerge each customer knows the facts of their own events, and of both what both stated', async () => {
  const order = (who: object, id: string) => ({
    name: 'Order Completed',
    ...who,
    properties: { order_id: id, total: 10 },
  });
  const [w, l] = [{ userId: 'fw' }, { anonymousId: 'fl' }];
  await system.accept(order(w, 'w1'), order(l, 'l1'), order(w, 'both'), order(l, 'both'));
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'fw'),
    await readCustomerId(system, 'anon', 'fl'),
  ];
  await merge(loser, winner);
  await system.accept(order(l, 'since'), order(w, 'since'));
  expect(await profileOf(winner)).toMatchObject({ orderCount: 4 });
  const heir = await unmerge(loser);
  const repeatsOf = async (customer: string) =>
    (await readLog(system, customer)).filter(({ repeats }) => repeats).length;
  expect(await profileOf(winner)).toMatchObject({ orderCount: 3 });
  expect(await profileOf(heir)).toMatchObject({ orderCount: 3 });
  const before = await repeatsOf(winner);

  await system.accept(...['w1', 'both', 'since'].map((id) => order(w, id)));
  await system.accept(...['l1', 'both', 'since'].map((id) => order(l, id)));
  expect(await profileOf(winner)).toMatchObject({ orderCount: 3 });
  expect(await profileOf(heir)).toMatchObject({ orderCount: 3 });
  expect([await repeatsOf(winner), await repeatsOf(heir)]).toEqual([before + 3, 3]);

  await system.accept(order(w, 'l1'), order(l, 'w1'));
  expect(await profileOf(winner)).toMatchObject({ orderCount: 4 });
  expect(await profileOf(heir)).toMatchObject({ orderCount: 4 });

  await merge(heir, winner);
  expect(await profileOf(winner)).toMatchObject({ orderCount: 4, spend: { EUR: 4000 } });
  expect((await profileOf(winner)).counts['Order Completed'].n).toBe(4);
});

test('correctness 16: events that arrive during an unmerge are in one log once, and no customer is lost', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'sw' }, { name: 'Page Viewed', anonymousId: 'sl' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'sw'),
    await readCustomerId(system, 'anon', 'sl'),
  ];
  await merge(loser, winner);
  const sent = Array.from({ length: 30 }, (_, i) =>
    buildEvent(i % 3 === 0 ? { userId: 'sw' } : i % 3 === 1 ? { anonymousId: 'sl' } : { customerId: loser }),
  );
  const [heir] = await Promise.all([
    unmerge(loser),
    ...sent.map((one) => acceptOrSplit(createIntake(system), [one])),
  ]);
  const logs = [await readLog(system, winner), await readLog(system, loser), await readLog(system, heir)];
  for (const log of logs) expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
  const places = logs.flat().map((e) => e.messageId);
  expect(places.filter((id) => sent.some((e) => e.messageId === id)).sort()).toEqual(
    sent.map((e) => e.messageId).sort(),
  );
  const pages = 2 + sent.length;
  const counts = [(await profileOf(winner)).counts, (await profileOf(heir)).counts];
  expect(counts[0]['Page Viewed'].n + counts[1]['Page Viewed'].n).toBe(pages);
});

test('B-6, I4: a ticket that an unmerge has copied is closed for both when the help desk closes it once', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'tw' }, { name: 'Page Viewed', userId: 'tl' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'tw'),
    await readCustomerId(system, 'user', 'tl'),
  ];
  await system.accept({ name: 'Ticket Opened', userId: 'tw', properties: { ticket_id: 'Z1' } });
  await merge(loser, winner);
  const heir = await unmerge(loser);
  const open = async () => {
    const rows = await system.db.db.sql`
      select customer_id as id from tickets where id = 'Z1' and status = 'open' order by customer_id`;
    return rows.map((row) => row.id);
  };
  const publish = async () => {
    await system.db.db.sql`update outbox set at = at - interval '1 minute'`;
    return publishStaleOutbox(createIntake(system));
  };
  expect(await open()).toEqual([winner, heir].sort());
  await system.accept({
    name: 'Ticket Updated',
    userId: 'tl',
    properties: { ticket_id: 'Z1', subject: 'x' },
  });
  expect(await publish()).toBe(1);
  expect(await publish()).toBe(0);
  await system.accept({ name: 'Ticket Closed', userId: 'tw', properties: { ticket_id: 'Z1' } });
  expect(await publish()).toBe(1);
  expect(await publish()).toBe(0);
  expect(await open()).toEqual([]);
});

test('correctness 16, 24: an event resolved before an unmerge and locked after it goes to the new customer', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'uw' }, { name: 'Page Viewed', anonymousId: 'ul' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'uw'),
    await readCustomerId(system, 'anon', 'ul'),
  ];
  await merge(loser, winner);
  let accepted: Promise<unknown> = Promise.resolve();
  let unmerging: Promise<string> = Promise.resolve('');
  // Both wait here for the winner's lock, the unmerge before the event.
  await system.db.db.sql.begin(async (tx) => {
    await tx`select 1 from customers where id = ${winner} for update`;
    unmerging = unmerge(loser);
    await new Promise((resolve) => setTimeout(resolve, 150));
    accepted = acceptOrSplit(createIntake(system), [buildEvent({ anonymousId: 'ul', messageId: 'between' })]);
    await new Promise((resolve) => setTimeout(resolve, 150));
  });
  const heir = await unmerging;
  await accepted;
  expect((await readLog(system, heir)).map((e) => e.messageId)).toContain('between');
});

test('correctness 24: a duplicate with a new identity, sent while its customer is merged, binds it to the winner', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'dw' }, { name: 'Page Viewed', anonymousId: 'dl' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'dw'),
    await readCustomerId(system, 'anon', 'dl'),
  ];
  const first = buildEvent({ anonymousId: 'dl' });
  await acceptOrSplit(createIntake(system), [first]);
  let repeated: Promise<unknown> = Promise.resolve();
  let merging: Promise<void> = Promise.resolve();
  await system.db.db.sql.begin(async (tx) => {
    await tx`select 1 from customers where id = any(${[winner, loser]}) order by id for update`;
    merging = merge(loser, winner);
    await new Promise((resolve) => setTimeout(resolve, 150));
    repeated = acceptOrSplit(createIntake(system), [{ ...first, email: 'dl@example.com' }]);
    await new Promise((resolve) => setTimeout(resolve, 150));
  });
  await merging;
  await repeated;
  expect(await readCustomerId(system, 'email', 'dl@example.com')).toBe(winner);
});
