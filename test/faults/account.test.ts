import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { leaseChecks } from '../../db/wakes/lease-wakes.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { decideNextBestAction } from '../../src/app/decide/journey.ts';
import { deliver } from '../../src/app/deliver/deliver.ts';
import { eraseCustomer, eraseFromMembers } from '../../src/app/identity/erase-customer.ts';
import { acceptOrSplit, IntakeBatcher } from '../../src/app/intake/batcher.ts';
import { acceptInTransaction } from '../../src/app/intake/commit.ts';
import { fanOut } from '../../src/app/intake/fan-out.ts';
import type { IncomingEvent } from '../../src/app/intake/incoming-event.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { isParseRefusal, parseCall } from '../../src/sources/segment.ts';
import { buildEvent, createIntake, readCustomerId, readLog } from '../app/intake/support.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { startChildProcess } from '../support/child-process.ts';
import { inlineCompiler } from '../support/inline-compiler.ts';
import { AROMA } from '../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

const SISTER = 'tealeaf';
const KEPT = ['journeys/tips.yaml', 'journeys/order-confirmation.yaml'];

/** Few journeys: tickets silence the account, another member's contract ends the tips, two brands share their silence. */
function files(from: BundleFile[]): BundleFile[] {
  const few = from.filter((file) => !file.path.startsWith('journeys/') || KEPT.includes(file.path));
  const ends = 'exit:\n  - { on: Contract Renewed, match: account }';
  return treatEveryCustomer(replaceInFile('journeys/tips.yaml', /^exit:/m, ends)(few));
}

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files, worker: false, relay: false });
  const brand = replaceInFile(
    'workspace.yaml',
    'id: aroma',
    `id: ${SISTER}`,
  )(files(await readBundleDir(AROMA)));
  const activation = await activateBundle({ db: system.db.db, compiler: inlineCompiler }, SISTER, brand);
  if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
});
afterAll(() => system?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '' });
const accept = (...events: Partial<IncomingEvent>[]) =>
  acceptOrSplit(createIntake(system), events.map(buildEvent));
const groupCall = (userId: string, account: string, traits: Record<string, unknown>, more = {}) => ({
  type: 'group' as const,
  name: 'Group Joined',
  userId,
  properties: { groupId: account },
  traits,
  ...more,
});

function buyer(userId: string, more: Partial<IncomingEvent> = {}): Partial<IncomingEvent> {
  return {
    name: 'Order Completed',
    userId,
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
    ...more,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com` },
      ...more.context,
    },
  };
}

/** A buyer whose first tip (marketing) is planned, a day after the confirmation. */
async function withPlannedTip(customer: string, workspace = WORKSPACE) {
  const channel = fakeChannel(sentOk);
  const { deps } = createActivityCalls(system, channel);
  const owner = { workspace, customerId: customer };
  const decide = (ordinal: number | null, now: number) =>
    decideNextBestAction(deps, {
      ...owner,
      ordinal,
      now,
      directEvents: [],
      effectsSettled: false,
      rollingOver: false,
    }) as Promise<ProgressAnswer>;
  const first = await decide(null, Date.now());
  for (const { id } of first.effects) await deliver(deps, { ...owner, id, now: Date.now() });
  await decide(2, Date.now());
  const tip = (await decide(3, Date.now() + DAY + MINUTE)).effects.find((e) => e.class === 'marketing');
  if (!tip) throw new Error('no tip was planned');
  channel.outgoing.length = 0;
  const send = () => deliver(deps, { ...owner, id: tip.id, now: Date.now() + DAY + 2 * MINUTE });
  return { channel, send, state: () => stateOf(tip.id) };
}

async function stateOf(id: string) {
  const [row] = await system.db.db.sql`select state, verdict from deliveries where id = ${id}`;
  return row;
}

test('E-7, I3, correctness 4: a claim for another member waits for the account’s ticket that is being accepted, and refuses', async () => {
  for (const userId of ['e1', 'e2', 'e3']) await accept(buyer(userId, { context: { groupId: 'acme' } }));
  const colleague = await readCustomerId(system, 'user', 'e2');
  const stranger = await withStranger();
  const tip = await withPlannedTip(colleague);
  let claim: Promise<unknown> = Promise.resolve();
  await system.db.db.sql.begin(async (tx) => {
    await acceptInTransaction(tx, createIntake(system), [
      buildEvent({ name: 'Ticket Opened', userId: 'e1', properties: { ticket_id: 'T1' } }),
    ]);
    claim = tip.send();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await tip.state())?.state).toBe('planned');
    expect(await stranger.send()).toMatchObject({ state: 'sent' });
  });
  expect(await claim).toMatchObject({ state: 'held' });
  expect(tip.channel.outgoing).toEqual([]);
  const third = await readCustomerId(system, 'user', 'e3');
  const answer = (await createActivityCalls(system, fakeChannel(sentOk)).decide(
    third,
    null,
  )) as ProgressAnswer;
  expect(answer.state.openTickets.map((t) => t.id)).toEqual(['T1']);
});

test('E-7, I4: when the member who opened the account’s ticket is erased, the others are asked, and no longer silent', async () => {
  for (const userId of ['f1', 'f2']) await accept(buyer(userId, { context: { groupId: 'left' } }));
  const customerId = await readCustomerId(system, 'user', 'f1');
  const colleague = await readCustomerId(system, 'user', 'f2');
  await accept({ name: 'Ticket Opened', userId: 'f1', properties: { ticket_id: 'T2' } });
  const calls = createActivityCalls(system, fakeChannel(sentOk));
  const silent = (await calls.decide(colleague, null)) as ProgressAnswer;
  expect(silent.state.openTickets.map((t) => t.id)).toEqual(['T2']);
  await eraseCustomer(createIntake(system), { workspace: WORKSPACE, customerId, actor: 'a test' });
  await eraseFromMembers(createIntake(system), [customerId]);
  const checks = await leaseChecks(system.db.db.sql, 100, 10);
  expect(checks.map((wake) => wake.customerId)).toEqual([colleague]);
  const answer = (await calls.decide(colleague, 2)) as ProgressAnswer;
  expect(answer.state.openTickets).toEqual([]);
});

async function withStranger() {
  await accept(buyer('stranger', { context: { groupId: 'elsewhere' } }));
  return withPlannedTip(await readCustomerId(system, 'user', 'stranger'));
}

test('D-16, I3, correctness 4: a ticket in one brand silences the same person in the other, even when the claim waits already', async () => {
  await accept(buyer('both'));
  await accept(buyer('both', { workspace: SISTER }));
  const [row] = await system.db.db.sql`
    select customer_id as id from identities where workspace = ${SISTER} and value = 'both'`;
  const contacts = await system.db.db.sql`
    select distinct c.person_key from customers c join identities i on i.customer_id = c.id where i.value = 'both'`;
  expect(contacts).toHaveLength(1);
  expect(contacts[0]?.person_key).toMatch(/^[0-9a-f]{64}$/);
  const tip = await withPlannedTip(row?.id, SISTER);
  let claim: Promise<unknown> = Promise.resolve();
  await system.db.db.sql.begin(async (tx) => {
    await acceptInTransaction(tx, createIntake(system), [
      buildEvent({ name: 'Ticket Opened', userId: 'both', properties: { ticket_id: 'T9' } }),
    ]);
    claim = tip.send();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await tip.state())?.state).toBe('planned');
  });
  expect(await claim).toMatchObject({ state: 'held' });
  expect(tip.channel.outgoing).toEqual([]);
});

test('a group call joins the account and sets its traits, the latest of any member; a groupId elsewhere only joins', async () => {
  const now = Date.now();
  await accept(
    groupCall('g1', 'gmbh', { plan: 'old', size: 3 }, { at: now - 1000 }),
    groupCall('g2', 'gmbh', { plan: 'new' }, { at: now - 500 }),
  );
  await accept(groupCall('g3', 'gmbh', { plan: 'late' }, { at: now - 800 }));
  await accept({ userId: 'g4', context: { groupId: 'gmbh', traits: { plan: 'mine' } } });
  const [row] = await system.db.db
    .sql`select traits from accounts where workspace = ${WORKSPACE} and id = 'gmbh'`;
  expect(row?.traits).toMatchObject({ plan: { value: 'new' }, size: { value: 3 } });
  const members = await system.db.db.sql`
    select count(*) as n from customers where workspace = ${WORKSPACE} and account_id = 'gmbh'`;
  expect(Number(members[0]?.n)).toBe(4);
});

test('the parser refuses a group call whose id is too long, and one without an id joins no account', () => {
  const envelope = {
    workspace: WORKSPACE,
    receivedAt: 0,
    sentAt: undefined,
    historical: false,
    source: 'test',
  };
  const long = parseCall({ type: 'group', userId: 'x', groupId: 'g'.repeat(513) }, null, envelope);
  expect(isParseRefusal(long) && long.code).toBe('id_too_long');
  const forged = parseCall({ type: 'page', userId: 'x' }, null, { ...envelope, source: 'account' });
  expect(!isParseRefusal(forged) && forged.source).not.toBe('account');
});

test('correctness 24: members that change accounts during many tickets: each ticket is stored with the account of its instant', async () => {
  const gatherers = Array.from(
    { length: 3 },
    () => new IntakeBatcher(createIntake(system), { maxBatch: 4, windowMs: 0 }),
  );
  const events = Array.from({ length: 90 }, (_, i) => {
    const userId = `t${i % 3}`;
    if (i % 2 === 0) return buildEvent(groupCall(userId, `acc-${i % 4}`, { n: i }));
    return buildEvent({ name: 'Ticket Opened', userId, properties: { ticket_id: `T${i}` } });
  });
  const receipts = await Promise.all(
    events.map((event, i) => (gatherers[i % 3] as IntakeBatcher).accept([event])),
  );
  expect(receipts.flat().map((r) => r.status)).toEqual(events.map(() => 'accepted'));
  for (const userId of ['t0', 't1', 't2']) {
    const customer = await readCustomerId(system, 'user', userId);
    const tickets = await system.db.db
      .sql`select seq, account_id from tickets where customer_id = ${customer}`;
    const log = await readLog(system, customer);
    for (const ticket of tickets) {
      const joined = log.filter((e) => e.name === 'Group Joined' && e.seq < ticket.seq).at(-1);
      expect(ticket.account_id).toBe(joined?.properties.groupId ?? null);
    }
  }
});

test('E-7: echoes reach every other member once from two relays, one of which is killed in the middle of a page', async () => {
  const { sql } = system.db.db;
  const size = 120;
  // Fan-outs that earlier tests have left.
  await sql`delete from fanouts`;
  await accept(
    ...Array.from({ length: size }, (_, i) => ({ userId: `c${i}`, context: { groupId: 'crowd' } })),
  );
  const child = await startChildProcess(
    system,
    fileURLToPath(new URL('../app/intake/fan-out-child.ts', import.meta.url)),
  );
  await waitUntil(async () => child.lines.includes('running'), 'the other relay');
  const [receipt] = await accept({ name: 'Contract Renewed', userId: 'c7', properties: { value: 5 } });
  const own = receipt?.customerId as string;
  const waiting = () => sql`select id, event, cursor from fanouts where account_id = 'crowd'`;
  const [noted] = await waiting();
  expect(noted?.event).toMatchObject({ name: 'Contract Renewed', properties: { value: 5 } });
  await waitUntil(async () => child.lines.includes('stalled'), 'the other relay to stall');
  expect((await waiting())[0]?.cursor).not.toBe('');
  // Another relay skips the locked page instead of waiting or echoing twice.
  expect(await fanOut(createIntake(system), 7)).toBe(false);
  await child.kill();
  const tell = async () => {
    while ((await waiting()).length > 0) await fanOut(createIntake(system), 7);
  };
  await Promise.all([tell(), tell()]);

  const echoes = await sql`
    select customer_id, count(*) as n, min(body #>> '{context,account,event}') as event from events
    where name = 'Contract Renewed' and source = 'account' group by customer_id`;
  expect(echoes).toHaveLength(size - 1);
  expect(echoes.every((e) => Number(e.n) === 1 && e.event === noted?.id)).toBe(true);
  expect(echoes.map((e) => e.customer_id)).not.toContain(own);
  const [customer] = await sql`
    select c.profile, w.requested_seq > w.processed_seq as awake from customers c join wakes w on w.customer_id = c.id
    where c.id = ${echoes[0]?.customer_id}`;
  expect(customer?.profile.counts['Contract Renewed']).toBeUndefined();
  expect(customer?.awake).toBe(true);
});

test('correctness 17: an erased member’s tickets are in no verdict of the others, whose own stay', async () => {
  const { sql } = system.db.db;
  for (const userId of ['g1', 'g2']) await accept(buyer(userId, { context: { groupId: 'verdicts' } }));
  const leaving = await readCustomerId(system, 'user', 'g1');
  const staying = await readCustomerId(system, 'user', 'g2');
  const tip = await withPlannedTip(staying);
  await accept({ name: 'Ticket Opened', userId: 'g1', properties: { ticket_id: 'canary-g1' } });
  await accept({ name: 'Ticket Opened', userId: 'g2', properties: { ticket_id: 'own-g2' } });
  await tip.send();
  const calls = createActivityCalls(system, fakeChannel(sentOk));
  await calls.decide(staying, null);
  await calls.decide(staying, 4, Date.now() + 2 * DAY);
  const verdicts = async () => {
    const rows = await sql`select record from decisions where customer_id = ${staying}`;
    const refused = await sql<{ text: string }[]>`
      select verdict::text as text from deliveries where customer_id = ${staying} and verdict is not null`;
    const judged = rows.map(({ record }) => JSON.stringify(decodeRecord(record).candidates));
    return [...judged, ...refused.map(({ text }) => text)].join('\n');
  };
  expect((await verdicts()).match(/canary-g1/g)?.length).toBeGreaterThanOrEqual(2);
  await eraseCustomer(createIntake(system), { workspace: WORKSPACE, customerId: leaving, actor: 'a test' });
  await eraseFromMembers(createIntake(system), [leaving]);
  const left = await verdicts();
  expect(left).not.toContain('canary-g1');
  expect(left).toContain('own-g2');
  expect(left).toContain('ticket_open');
});
