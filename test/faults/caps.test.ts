import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewCustomer } from '../../db/customers/customer-snapshot.ts';
import { subjectId } from '../../db/locks/lock-subjects.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { inlineCompiler } from '../support/inline-compiler.ts';
import { AROMA } from '../support/paths.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const sentOk = (): SendResult => ({ state: 'sent', providerId: '' });
const TEALEAF = 'tealeaf';

/** The example without caps, group, control customers and quiet hours. */
function plain(files: BundleFile[], caps: string): BundleFile[] {
  const alone = treatEveryCustomer(files.filter((file) => file.path !== 'group.yaml'));
  return replaceInFile('workspace.yaml', /^caps:\n(?: {2}- .*\n)+/m, `caps: [${caps}]\n`)(alone);
}
const cappedBy = (cap: string) => (files: BundleFile[]) => plain(files, cap);

/** The sister brand is the same shop under another name; both belong to one system. */
function inGroup(files: BundleFile[]): BundleFile[] {
  const text = 'id: roastery\nworkspaces: [aroma, tealeaf]\ncaps: [{ max: 1, per: 7d, of: group }]\n';
  return [...plain(files, ''), { path: 'group.yaml', text }];
}
const asTealeaf = async () =>
  replaceInFile('workspace.yaml', 'id: aroma', `id: ${TEALEAF}`)(inGroup(await readBundleDir(AROMA)));

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    worker: false,
    relay: false,
    files: inGroup,
    workspaces: { [TEALEAF]: asTealeaf },
  });
});
afterAll(() => system?.stop());

const people = { n: 0 };

interface Planned {
  customer: string;
  tip: string;
}

/** A customer with a tip (marketing) planned for tomorrow. */
async function withPlannedTip(
  activities: ActivityCalls,
  identity: { email?: string; groupId?: string; workspace?: string } = {},
): Promise<Planned> {
  const userId = `person-${people.n++}`;
  const { workspace = 'aroma', groupId, email = `${userId}@example.com` } = identity;
  await system.accept({
    workspace,
    name: 'Order Completed',
    userId,
    context: {
      ...(groupId ? { groupId } : {}),
      consent: { categoryPreferences: { marketing: true } },
      traits: { email },
    },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId(userId, workspace);
  await activities.deliver(customer, await activities.planDelivery(customer));
  await activities.decide(customer, 2);
  const answer = (await activities.decide(customer, 3, TOMORROW)) as ProgressAnswer;
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  if (!tip) throw new Error('no tip was planned');
  return { customer, tip: tip.id };
}

const TOMORROW = Date.now() + DAY + MINUTE;

async function stateOf(id: string): Promise<{ state: string; verdict: { code: string } | null }> {
  const [row] = await system.db.db.sql`select state, verdict from deliveries where id = ${id}`;
  return row as { state: string; verdict: { code: string } | null };
}

/**
 * Lets two claims run up to the lock of their shared subject, after both have read that the cap has room, and then
 * releases both at once. Which of them is first is open.
 */
async function claimTogether(subject: string, claims: (() => Promise<unknown>)[]): Promise<void> {
  const { sql } = system.db.db;
  let both: Promise<unknown> = Promise.resolve();
  // Five idle seconds would end this transaction, and with it the lock.
  await sql.begin(async (tx) => {
    await tx`insert into shared_subjects (id) values (${subject}) on conflict do nothing`;
    await tx`select id from shared_subjects where id = ${subject} for update`;
    both = Promise.all(claims.map((claim) => claim()));
    await waitUntil(
      async () => {
        const [waiting] = await sql`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%shared_subjects%'`;
        return waiting?.n === claims.length;
      },
      `${claims.length} claims to wait for ${subject}`,
      4_000,
    );
  });
  await both;
}

/** Expects that one of two tips was sent and the other is held with the reason. */
async function expectOnePassed(tips: string[], code = 'cap_reached'): Promise<void> {
  const states = await Promise.all(tips.map(stateOf));
  expect(states.map((s) => s.state).sort()).toEqual(['held', 'sent']);
  expect(states.find((s) => s.state === 'held')?.verdict?.code).toBe(code);
}

test('B-3, E-7: of second concurrent claims for second members of an account only one passes the account’s cap', async () => {
  await system.applyExample(cappedBy('{ max: 1, per: 7d, of: account }'));
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const first = await withPlannedTip(activities, { groupId: 'acme' });
  const second = await withPlannedTip(activities, { groupId: 'acme' });
  const other = await withPlannedTip(activities, { groupId: 'umbrella' });
  await claimTogether(
    subjectId.account('aroma', 'acme'),
    [first, second].map((c) => () => activities.deliver(c.customer, c.tip, TOMORROW)),
  );
  await expectOnePassed([first.tip, second.tip]);
  expect(await activities.deliver(other.customer, other.tip, TOMORROW)).toMatchObject({ state: 'sent' });
});

test('B-3: a shared cap of five lets exactly five of many concurrent claims pass', async () => {
  await system.applyExample(cappedBy('{ max: 5, per: 7d, of: account }'));
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const tips: Planned[] = [];
  for (let n = 0; n < 12; n++) tips.push(await withPlannedTip(activities, { groupId: 'massive' }));
  // Each twice: a second attempt at one delivery must not count against itself.
  const claims = [...tips, ...tips].map((c) => activities.deliver(c.customer, c.tip, TOMORROW));
  const ended = await Promise.all(claims);
  expect(ended.filter((result) => !['sent', 'held', 'sending'].includes(result.state))).toEqual([]);
  const states = await Promise.all(tips.map(({ tip }) => stateOf(tip)));
  expect(states.filter((s) => s.state === 'sent')).toHaveLength(5);
  expect(states.filter((s) => s.state === 'held')).toHaveLength(7);
});

test('E-7: a limit per account counts the messages to all its members', async () => {
  await system.applyExample((files) =>
    replaceInFile(
      'actions/tips.yaml',
      /priority: 30\n {2}limit: .*/,
      'priority: 30\n  limit: { max: 1, every: 60d, per: account }',
    )(cappedBy('{ max: 9, per: 7d }')(files)),
  );
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const first = await withPlannedTip(activities, { groupId: 'initech' });
  const second = await withPlannedTip(activities, { groupId: 'initech' });
  await claimTogether(
    subjectId.account('aroma', 'initech'),
    [first, second].map((c) => () => activities.deliver(c.customer, c.tip, TOMORROW)),
  );
  await expectOnePassed([first.tip, second.tip], 'limit_reached');
});

test('D-16, correctness 18: of second concurrent claims for one person in second brands only one passes the group’s cap', async () => {
  await system.applyExample(inGroup);
  const email = 'erika@example.com';
  const aroma = createActivityCalls(system, fakeChannel(sentOk));
  const tealeaf = createActivityCalls(system, fakeChannel(sentOk), TEALEAF);
  const first = await withPlannedTip(aroma, { email });
  const second = await withPlannedTip(tealeaf, { email, workspace: TEALEAF });
  const [row] = await system.db.db.sql`select person_key from customers where id = ${first.customer}`;
  expect(row?.person_key).toMatch(/^[0-9a-f]{64}$/);
  await claimTogether(subjectId.person(row?.person_key), [
    () => aroma.deliver(first.customer, first.tip, TOMORROW),
    () => tealeaf.deliver(second.customer, second.tip, TOMORROW),
  ]);
  await expectOnePassed([first.tip, second.tip]);
});

test('B-3: of second concurrent claims only one passes the workspace’s cap', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const [counted] = await system.db.db.sql`
    select count(*)::int as n from deliveries where workspace = 'aroma' and class = 'marketing' and state = 'sent'`;
  await system.applyExample(cappedBy(`{ max: ${counted?.n + 1}, per: 7d, of: workspace }`));
  const first = await withPlannedTip(activities);
  const second = await withPlannedTip(activities);
  await claimTogether(
    subjectId.workspace('aroma'),
    [first, second].map((c) => () => activities.deliver(c.customer, c.tip, TOMORROW)),
  );
  await expectOnePassed([first.tip, second.tip]);
});

test('correctness 19: a failure, a retry and time free a place in a shared cap, an unknown end doesn’t', async () => {
  await system.applyExample(cappedBy('{ max: 1, per: 7d, of: account }'));
  const reply = { next: { state: 'failed', error: 'full', suppress: false } as SendResult };
  const activities = createActivityCalls(
    system,
    fakeChannel(() => reply.next),
  );
  const tips: Planned[] = [];
  reply.next = sentOk();
  for (let n = 0; n < 4; n++) tips.push(await withPlannedTip(activities, { groupId: 'hooli' }));
  const [failing, retried, unknown, last] = tips as [Planned, Planned, Planned, Planned];
  const claim = (planned: Planned) => activities.deliver(planned.customer, planned.tip, TOMORROW);

  reply.next = { state: 'failed', error: 'mailbox full', suppress: false };
  expect(await claim(failing)).toMatchObject({ state: 'failed' });
  reply.next = { state: 'retry', error: '421 later' };
  expect(await claim(retried)).toMatchObject({ state: 'planned' });
  reply.next = { state: 'unknown', error: 'the line broke' };
  expect(await claim(unknown)).toMatchObject({ state: 'unknown' });
  reply.next = sentOk();
  expect(await claim(last)).toMatchObject({ state: 'held' });
  expect((await stateOf(last.tip)).verdict).toMatchObject({ code: 'cap_reached' });

  // Eight days later it is outside of the window.
  await system.db.db
    .sql`update deliveries set claimed_at = claimed_at - interval '8 days' where id = ${unknown.tip}`;
  const next = await withPlannedTip(activities, { groupId: 'hooli' });
  expect(await claim(next)).toMatchObject({ state: 'sent' });
});

test('correctness 19: a worker killed before its claim’s commit counts nothing; one killed after it counts as possibly sent', async () => {
  await system.applyExample(cappedBy('{ max: 1, per: 7d, of: account }'));
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const dies = await withPlannedTip(activities, { groupId: 'piedpiper' });
  const other = await withPlannedTip(activities, { groupId: 'piedpiper' });
  const third = await withPlannedTip(activities, { groupId: 'piedpiper' });
  const died = new Error('power cut');
  const broken = createActivityCalls(system, fakeChannel(sentOk));
  broken.deps.failpoint = (name) => {
    if (name === 'claimed') throw died;
  };
  const { sql } = system.db.db;
  await expect(broken.deliver(dies.customer, dies.tip, TOMORROW)).rejects.toBe(died);
  expect((await stateOf(dies.tip)).state).toBe('sending');
  expect(await activities.deliver(other.customer, other.tip, TOMORROW)).toMatchObject({ state: 'held' });

  // A worker killed before the commit leaves no claim: its transaction is rolled back, with the units it counted.
  await sql`update deliveries set state = 'planned', claimed_at = null, lease_until = null where id = ${dies.tip}`;
  expect(await activities.deliver(third.customer, third.tip, TOMORROW)).toMatchObject({ state: 'sent' });
});

test('I3, correctness 4: a claim for one member waits for a ticket of another that is being accepted, and then refuses', async () => {
  await system.applyExample((files) =>
    replaceInFile(
      'workspace.yaml',
      /^tickets: .*$/m,
      'tickets: { suppress: [marketing], scope: account }',
    )(plain(files, '')),
  );
  const { acceptInTransaction } = await import('../../src/app/intake/commit.ts');
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const first = await withPlannedTip(activities, { groupId: 'wayne' });
  const second = await withPlannedTip(activities, { groupId: 'wayne' });
  let claim: Promise<unknown> = Promise.resolve();
  await system.db.db.sql.begin(async (tx) => {
    await acceptInTransaction(tx, activities.deps, [
      {
        workspace: 'aroma',
        customerId: first.customer,
        messageId: 'wayne-ticket',
        type: 'track',
        name: 'Ticket Opened',
        at: Date.now(),
        historical: false,
        source: 'test',
        properties: { ticket_id: 'T1' },
        traits: {},
        context: {},
      },
    ]);
    claim = activities.deliver(second.customer, second.tip, TOMORROW);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await stateOf(second.tip)).state).toBe('planned');
  });
  expect(await claim).toMatchObject({ state: 'held' });
  expect((await stateOf(second.tip)).verdict).toMatchObject({ code: 'ticket_open' });
});

test('D-16: a ticket in one brand silences the same person in the other', async () => {
  await system.applyExample(inGroup);
  const email = 'frida@example.com';
  const aroma = createActivityCalls(system, fakeChannel(sentOk));
  const tealeaf = createActivityCalls(system, fakeChannel(sentOk), TEALEAF);
  const first = await withPlannedTip(aroma, { email });
  const second = await withPlannedTip(tealeaf, { email, workspace: TEALEAF });
  await system.accept({
    workspace: TEALEAF,
    customerId: second.customer,
    name: 'Ticket Opened',
    properties: { ticket_id: 'T-tea' },
  });
  expect(await aroma.deliver(first.customer, first.tip, TOMORROW)).toMatchObject({ state: 'held' });
  expect((await stateOf(first.tip)).verdict).toMatchObject({ code: 'ticket_open' });
});

test('D-16, security 3: a workspace that names itself into a group shares nothing with those that don’t name it', async () => {
  await system.applyExample(inGroup);
  const intruder = 'intruder';
  const { sql } = system.db.db;
  await sql`insert into workspaces (id) values (${intruder})`;
  const files = replaceInFile(
    'workspace.yaml',
    'id: aroma',
    `id: ${intruder}`,
  )(
    replaceInFile(
      'group.yaml',
      '[aroma, tealeaf]',
      `[aroma, tealeaf, ${intruder}]`,
    )(inGroup(await readBundleDir(AROMA))),
  );
  const activation = await activateBundle({ db: system.db.db, compiler: inlineCompiler }, intruder, files);
  expect(activation.warnings.filter(({ file }) => file === 'group.yaml')).toEqual(
    ['aroma', 'tealeaf'].map((id, n) => ({
      file: 'group.yaml',
      path: `workspaces[${n}]`,
      message: `nothing is shared with '${id}' until its active group.yaml has the id roastery and names this workspace`,
    })),
  );

  const email = 'wanda@example.com';
  const aroma = createActivityCalls(system, fakeChannel(sentOk));
  const foreign = createActivityCalls(system, fakeChannel(sentOk), intruder);
  const ours = await withPlannedTip(aroma, { email });
  const theirs = await withPlannedTip(foreign, { email, workspace: intruder });
  await foreign.deliver(theirs.customer, theirs.tip, TOMORROW);
  expect((await stateOf(theirs.tip)).state).toBe('sent');
  const openTicket = (workspace: string, customerId: string) =>
    system.accept({
      workspace,
      customerId,
      name: 'Ticket Opened',
      properties: { ticket_id: `T-${workspace}` },
    });
  await openTicket(intruder, theirs.customer);
  await aroma.deliver(ours.customer, ours.tip, TOMORROW);
  expect((await stateOf(ours.tip)).state).toBe('sent');

  await openTicket('aroma', ours.customer);
  const view = await viewCustomer(sql, intruder, theirs.customer);
  expect(view?.tickets.map(({ id }) => id)).toEqual([`T-${intruder}`]);
});

test('silence is shared only between members that both share it', async () => {
  const { sql } = system.db.db;
  const alone = (files: BundleFile[]) =>
    replaceInFile('group.yaml', 'caps:', 'shareSuppression: false\ncaps:')(files);
  const email = 'xenia@example.com';
  const visit = (workspace: string) =>
    system.accept({ workspace, name: 'Page Viewed', userId: 'xenia', context: { traits: { email } } });
  await visit('aroma');
  await visit(TEALEAF);
  const ours = await system.findCustomerId('xenia');
  const theirs = await system.findCustomerId('xenia', TEALEAF);
  for (const [workspace, customerId] of [
    ['aroma', ours],
    [TEALEAF, theirs],
  ] as const)
    await system.accept({
      workspace,
      customerId,
      name: 'Ticket Opened',
      properties: { ticket_id: `T-${workspace}` },
    });
  const seen = async () => [
    (await viewCustomer(sql, 'aroma', ours))?.tickets.length,
    (await viewCustomer(sql, TEALEAF, theirs))?.tickets.length,
  ];
  expect(await seen()).toEqual([2, 2]);

  // One of them keeps its tickets to itself, so neither sees those of the other.
  await system.applyFiles(TEALEAF, alone(await asTealeaf()));
  expect(await seen()).toEqual([1, 1]);
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  await activities.decide(ours, null);
  const view = await viewCustomer(sql, 'aroma', ours);
  expect(view?.state?.openTickets).toMatchObject([{ id: 'T-aroma' }]);

  await system.applyFiles(TEALEAF, await asTealeaf());
  expect(await seen()).toEqual([2, 2]);
});
