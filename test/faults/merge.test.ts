import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockJourney } from '../../db/journeys/lock-journey.ts';
import { type MergeResult, mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { IntakeBatcher } from '../../src/app/intake/batcher.ts';
import type { IncomingEvent } from '../../src/app/intake/incoming-event.ts';
import { resolveConsent } from '../../src/domain/customer/consent.ts';
import { mergeProfiles } from '../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const intake = () => ({ db: system.db.db, bundles: system.service.bundles, secret: 'a secret' });

async function merge(loser: string, winner: string): Promise<Extract<MergeResult, { ok: true }>> {
  const merged = await mergeCustomers(intake(), {
    workspace: WORKSPACE,
    loser,
    winner,
    actor: 'test',
    reason: 'test',
  });
  if (!merged.ok) throw new Error(merged.message);
  return merged;
}

async function customerOf(type: string, value: string): Promise<string> {
  const [row] = await system.db.db.sql`
    select customer_id as id from identities where workspace = ${WORKSPACE} and type = ${type} and value = ${value}`;
  return row?.id as string;
}

interface LogRow {
  id: string;
  repeats: string | null;
  acceptedAt: number;
  seq: number;
  messageId: string;
  origin: string | null;
  name: string;
  [key: string]: unknown;
}

async function logOf(customerId: string): Promise<LogRow[]> {
  return system.db.db.sql<LogRow[]>`
    select id, repeats, (extract(epoch from accepted_at) * 1000)::bigint as "acceptedAt", seq, message_id as "messageId", origin, type, name, source, (extract(epoch from at) * 1000)::bigint as at,
           body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context
    from events where customer_id = ${customerId} order by seq`;
}

function fold(profile: Profile, log: LogRow[]): Profile {
  for (const event of log) foldProfile(profile, event as never, 'EUR');
  return profile;
}

/** Both logs as one, in the order of acceptance. An event never comes before an earlier one of its own log. */
function interleave(...logs: LogRow[][]): LogRow[] {
  const placed = logs.flatMap((log) => {
    let latest = 0;
    return log.map((row) => {
      latest = Math.max(latest, row.acceptedAt);
      return { row, latest };
    });
  });
  return placed.sort((a, b) => a.latest - b.latest).map(({ row }) => row);
}

/** Whether an event of one log repeats one of the other. */
function haveSharedFacts(a: LogRow[], b: LogRow[]): boolean {
  const repeatsOneOf = (log: LogRow[]) => (row: LogRow) => log.some(({ id }) => id === row.repeats);
  return a.some(repeatsOneOf(b)) || b.some(repeatsOneOf(a));
}

/** What merged customers have counted: once, although a fact is in both logs. */
function foldCounted(log: LogRow[]): Partial<Profile> {
  const { counts, touches, payments, spend, orders, orderCount, returns, older, ...folded } = fold(
    emptyProfile(),
    log,
  );
  const { cart, emptiedAt, cartLog } = folded;
  return { counts, touches, payments, spend, orders, orderCount, returns, older, cart, emptiedAt, cartLog };
}

let counter = 0;
function event(more: Partial<IncomingEvent>): IncomingEvent {
  return {
    workspace: WORKSPACE,
    messageId: `merge-${counter++}`,
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

const names = ['Order Completed', 'Product Added', 'Payment Failed', 'Page Viewed', 'Ticket Opened'] as const;

test('correctness 15, I1, I5: a merge during heavy traffic keeps every event in one log once, gapless, with its fold as profile', async () => {
  const eventSpec = fc.record({
    side: fc.constantFrom('user', 'anon', 'id'),
    name: fc.constantFrom(...names),
    order: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(eventSpec, { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (list, batch) => {
        const run = counter++;
        await system.accept({
          name: 'Order Completed',
          userId: `s${run}`,
          properties: { order_id: 'first' },
        });
        await system.accept({ name: 'Page Viewed', anonymousId: `s${run}` });
        const [winner, loser] = [await customerOf('user', `s${run}`), await customerOf('anon', `s${run}`)];
        // No two at the same instant: which of two logs is first then would be chance.
        const began = Date.now() - list.length;
        const events = list.map((spec, n) =>
          event({
            name: spec.name,
            at: began + n,
            properties: {
              order_id: `o-${spec.order}`,
              total: spec.order,
              product_id: 'p',
              ticket_id: `t-${spec.order}`,
            },
            ...(spec.side === 'user' ? { userId: `s${run}` } : {}),
            ...(spec.side === 'anon' ? { anonymousId: `s${run}` } : {}),
            ...(spec.side === 'id' ? { customerId: loser } : {}),
          }),
        );
        const gatherers = Array.from(
          { length: 3 },
          () => new IntakeBatcher(intake(), { maxBatch: batch, windowMs: 0 }),
        );
        const half = events.length >> 1;
        const send = (part: IncomingEvent[]) =>
          part.map((spec, i) => (gatherers[i % 3] as IntakeBatcher).accept([spec]));
        const early = send(events.slice(0, half));
        const [merged, ...receipts] = await Promise.all([
          merge(loser, winner),
          ...early,
          ...send(events.slice(half)),
        ]);
        expect(receipts.flat().map((r) => r.status)).toEqual(events.map(() => 'accepted'));

        const [ours, theirs] = [await logOf(winner), await logOf(loser)];
        const gapless = (log: LogRow[]) => expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
        gapless(ours);
        gapless(theirs);
        const places = [...ours, ...theirs].map((e) => e.messageId);
        expect(new Set(places).size).toBe(places.length);
        expect(places).toEqual(expect.arrayContaining(events.map((e) => e.messageId)));
        for (const spec of events.filter((e) => !e.userId)) {
          const origins = ours.filter((e) => e.messageId === spec.messageId).map((e) => e.origin);
          expect(origins.every((origin) => origin === loser)).toBe(true);
        }

        const moved = (e: LogRow) => e.seq > merged.seq && e.seq <= merged.seq + merged.moved;
        const winners = ours.filter((e) => e.seq < merged.seq);
        const losers = [...theirs, ...ours.filter(moved)];
        const both = mergeProfiles(fold(emptyProfile(), winners), fold(emptyProfile(), losers));
        if (haveSharedFacts(winners, losers)) Object.assign(both, foldCounted(interleave(winners, losers)));
        const after = ours.filter((e) => e.seq === merged.seq || e.seq > merged.seq + merged.moved);
        const [row] = await system.db.db.sql`select seq, profile from customers where id = ${winner}`;
        expect(row?.seq).toBe(ours.length);
        expect(row?.profile).toEqual(JSON.parse(JSON.stringify(fold(both, after))));
        const [wake] = await system.db.db.sql`select requested_seq from wakes where customer_id = ${winner}`;
        expect(wake?.requested_seq).toBeGreaterThanOrEqual(merged.seq + merged.moved);
      },
    ),
    { numRuns: 12 },
  );
});

const sentOk = () => ({ state: 'sent' as const, providerId: '' });
const marketing = (granted: boolean) => ({ consent: { categoryPreferences: { marketing: granted } } });

test('B-6: a merge keeps tickets, the stricter consent and pause, contacts for the caps, and the older arm', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  await system.accept({
    name: 'Order Completed',
    anonymousId: 'b6',
    context: { ...marketing(true), traits: { email: 'b6@example.com' } },
    properties: { order_id: 'b6', total: 10, products: [{ product_id: 'espresso-machine' }] },
  });
  const older = await customerOf('anon', 'b6');
  await activities.deliver(older, await activities.planDelivery(older));
  await system.accept(
    { name: 'Order Completed', userId: 'b6', context: marketing(true) },
    { name: 'Consent Changed', userId: 'b6', properties: { purpose: 'marketing', status: 'withdrawn' } },
    { name: 'Ticket Opened', anonymousId: 'b6', properties: { ticket_id: 'T1' } },
    { name: 'Ticket Opened', userId: 'b6', properties: { ticket_id: 'T2' } },
    { name: 'Customer Paused', anonymousId: 'b6', properties: { reason: 'asked us to' } },
  );
  const winner = await customerOf('user', 'b6');
  await merge(older, winner);

  const { sql } = system.db.db;
  const tickets =
    await sql`select id from tickets where customer_id = ${winner} and status = 'open' order by id`;
  expect(tickets.map((t) => t.id)).toEqual(['T1', 'T2']);
  expect(await sql`select id from tickets where customer_id = ${older}`).toHaveLength(0);
  const consents = await sql`select * from consents where customer_id = ${winner} order by at, seq`;
  expect(resolveConsent(consents as never, 'marketing', 'email', '*')?.status).toBe('withdrawn');
  const [customer] = await sql`select paused, email from customers where id = ${winner}`;
  expect(customer).toMatchObject({ paused: { reason: 'asked us to' }, email: 'b6@example.com' });
  const sent = await sql`select action from deliveries where customer_id = ${winner} and state = 'sent'`;
  expect(sent).toHaveLength(1);

  const answer = (await activities.decide(winner, null)) as ProgressAnswer;
  expect(answer.state.enrollments.map((e) => e.journey)).toContain('tips');
  const [journey] = await sql`select state from journeys where customer_id = ${winner}`;
  expect(journey?.state.seed).toBe(older);
  expect(await activities.decide(older, null)).toEqual({ kind: 'gone' });
  expect(await activities.decide(older, 1)).toEqual({ kind: 'gone' });
});

test('correctness 15: an effect that runs for the loser is delivered as the winner’s, with its result', async () => {
  let arrived = () => {};
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let open = () => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  const channel = fakeChannel(async () => {
    arrived();
    await wait;
    return sentOk();
  });
  const activities = createActivityCalls(system, channel);
  await system.accept({
    name: 'Order Completed',
    anonymousId: 'onway',
    context: { traits: { email: 'onway@example.com' } },
    properties: { order_id: 'onway', total: 10 },
  });
  const loser = await customerOf('anon', 'onway');
  const id = await activities.planDelivery(loser);
  const sending = activities.deliver(loser, id);
  await reached;
  await system.accept({ name: 'Page Viewed', userId: 'onway' });
  const winner = await customerOf('user', 'onway');
  await merge(loser, winner);
  open();
  expect(await sending).toMatchObject({ state: 'sent' });
  expect((await logOf(winner)).map((e) => e.name)).toContain('Delivery Sent');
  await activities.deliver(loser, id);
  await activities.deliver(winner, id);
  expect(channel.outgoing).toHaveLength(1);
});

test('correctness 15: a merge waits for a running decision of the loser, and events it has processed stay processed', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  for (const known of [false, true]) {
    const id = `race-${known}`;
    await system.accept({
      name: 'Order Completed',
      anonymousId: id,
      properties: { order_id: id, total: 10 },
    });
    await system.accept({ name: 'Page Viewed', userId: id });
    const [loser, winner] = [await customerOf('anon', id), await customerOf('user', id)];
    if (known) await activities.decide(loser, null);
    await system.accept({
      name: 'Order Completed',
      anonymousId: id,
      properties: { order_id: `${id}-2`, total: 10 },
    });
    const log = await logOf(loser);
    let done = false;
    let merging: Promise<Extract<MergeResult, { ok: true }>> | null = null;
    // As a decision does: lock the row, created if missing, and then process every event.
    await system.db.db.sql.begin(async (tx) => {
      await lockJourney(tx, loser, WORKSPACE);
      merging = merge(loser, winner).finally(() => {
        done = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(done).toBe(false);
      await tx`update journeys set processed_seq = ${log.length} where customer_id = ${loser}`;
    });
    expect((await (merging as unknown as Promise<{ moved: number }>)).moved).toBe(0);
    expect(await logOf(loser)).toEqual(log);
  }
});

test('refuses with a reason to merge a customer with itself, with an unknown one, and across workspaces', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'r1' }, { name: 'Page Viewed', userId: 'r2' });
  await system.db.db.sql`insert into workspaces (id) values ('tealeaf') on conflict do nothing`;
  await system.accept({ name: 'Page Viewed', userId: 'r3', workspace: 'tealeaf' });
  const [r1, r2] = [await customerOf('user', 'r1'), await customerOf('user', 'r2')];
  const [foreign] = await system.db.db.sql`select customer_id as id from identities where value = 'r3'`;
  const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };
  const attempt = (loser: string, winner: string) => mergeCustomers(intake(), { ...why, loser, winner });
  expect(await attempt(r1, r1)).toMatchObject({ ok: false, reason: 'same_customer' });
  expect(await attempt('cus_nobody', r1)).toMatchObject({ ok: false, reason: 'unknown_customer' });
  expect(await attempt(foreign?.id, r1)).toMatchObject({ ok: false, reason: 'other_workspace' });
  expect(await attempt(r1, foreign?.id)).toMatchObject({ ok: false, reason: 'other_workspace' });
  await merge(r1, r2);
  expect(await attempt(r1, r2)).toMatchObject({ ok: false, reason: 'same_customer' });
});

test('merged ids lead to the winner forever, over any number of merges in any order', async () => {
  for (const userId of ['a1', 'a2', 'a3', 'a4']) await system.accept({ name: 'Page Viewed', userId });
  const ids = await Promise.all(['a1', 'a2', 'a3', 'a4'].map((userId) => customerOf('user', userId)));
  const [a1, a2, a3, a4] = ids as [string, string, string, string];
  await merge(a1, a2);
  await merge(a3, a4);
  await merge(a1, a3);
  const rows = await system.db.db
    .sql`select id, merged_into from customers where id = any(${ids}) order by id`;
  expect(rows.filter((r) => r.merged_into !== null).map((r) => r.merged_into)).toEqual([a4, a4, a4]);
  for (const userId of ['a1', 'a2', 'a3', 'a4']) expect(await customerOf('user', userId)).toBe(a4);
  const [receipt] = await system.accept({ name: 'Page Viewed', customerId: a1 });
  expect(receipt?.customerId).toBe(a4);
  expect((await logOf(a4)).at(-1)).toMatchObject({ origin: a1 });
});

test('fault: two concurrent merges of the same customers in opposite directions make one merge', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'x1' }, { name: 'Page Viewed', userId: 'x2' });
  const [x1, x2] = [await customerOf('user', 'x1'), await customerOf('user', 'x2')];
  const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };
  const made = await Promise.all([
    mergeCustomers(intake(), { ...why, loser: x1, winner: x2 }),
    mergeCustomers(intake(), { ...why, loser: x2, winner: x1 }),
    mergeCustomers(intake(), { ...why, loser: x1, winner: x2 }),
  ]);
  expect(made.filter((m) => m.ok)).toHaveLength(1);
  expect(made.filter((m) => !m.ok && m.reason === 'same_customer')).toHaveLength(2);
});
