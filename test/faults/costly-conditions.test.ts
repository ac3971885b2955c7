import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewCustomer } from '../../db/customers/customer-snapshot.ts';
import { findCustomers } from '../../db/customers/find-customers.ts';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { viewTimeline } from '../../db/events/timeline.ts';
import { countPoisoned } from '../../db/journeys/count-poisoned.ts';
import { toTimelineItemView } from '../../src/api/customers/timeline-view.ts';
import { EVENT } from '../../src/domain/event.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const EVIL = 'evil';
const LIST = Array.from({ length: 100 }, (_, i) => i);
const NESTED = `${Array.from({ length: 5 }, (_, i) => `event.properties.list.exists(v${i}, `).join('')}v4 > 1000.0${')'.repeat(5)}`;
const REGEX = "event.properties.name.matches('^([a-z]|[a-z0-9])+$')";

/** A workspace whose conditions are chosen to stop the service: any key with the scope `configure` may apply it. */
function evilBundle(conditions: string[]): BundleFile[] {
  const files: Record<string, string> = {
    'workspace.yaml': `
id: ${EVIL}
name: Evil
currency: EUR
timezone: Europe/Berlin
locales: [en]
sender: { name: Evil, email: hello@evil.example }
`,
    'journeys/order.yaml':
      'id: order\nowner: shop\nclass: service\nenter: { on: Order Completed }\nkey: order_id\nexit: [{ after: 3d }]\nsteps: [{ id: confirm, decide: { actions: [confirm] } }]\n',
    ...Object.fromEntries(
      conditions.map((when, i) => [
        `journeys/bomb-${i}.yaml`,
        `id: bomb-${i}\nowner: shop\nclass: service\nenter: { on: Account Created, when: ${JSON.stringify(when)} }\nexit: [{ after: 3d }]\nsteps: [{ id: confirm, decide: { actions: [confirm] } }]\n`,
      ]),
    ),
    'actions/confirm.yaml': 'id: confirm\nclass: service\n',
    'content/confirm/email.en.liquid': '---\nsubject: Confirmed\n---\n<p>Thanks</p>\n',
  };
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

const attack = (userId: string) => ({
  workspace: EVIL,
  name: 'Account Created',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { name: `${'a'.repeat(40)}!`, list: LIST },
});

const order = (userId: string, workspace = 'aroma') => ({
  workspace,
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${userId}`, total: 10 },
});

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    files: treatEveryCustomer,
    workspaces: { [EVIL]: () => evilBundle([REGEX, NESTED]) },
  });
});
afterAll(() => system?.stop());

/** Milliseconds until an order of another workspace is confirmed by mail. */
async function mailElsewhere(userId: string): Promise<number> {
  const begin = performance.now();
  await system.accept(order(userId));
  const customer = await system.findCustomerId(userId);
  await waitUntil(
    async () => (await findSentActions(system, customer)).length > 0,
    `${userId}'s mail`,
    15_000,
  );
  return performance.now() - begin;
}

interface Parked {
  poison: { reason: string; tries: number } | null;
  ordinal: number;
  /** Events that are not processed. */
  waiting: number;
  until: Date | null;
}

async function readPoison(customer: string): Promise<Parked> {
  const [row] = await system.db.db.sql<Parked[]>`
    select j.state -> 'poison' as poison, j.ordinal, w.requested_seq - w.processed_seq as waiting,
      w.parked_until as until
    from journeys j join wakes w using (customer_id) where customer_id = ${customer}`;
  return row ?? { poison: null, ordinal: 0, waiting: 0, until: null };
}

test('security 1, I4: one event with a public key stops nobody, by a pattern or by nested loops', async () => {
  await mailElsewhere('before');
  await system.accept(...Array.from({ length: 10 }, (_, i) => attack(`attacker-${i}`)));
  expect(await mailElsewhere('during')).toBeLessThan(10_000);
  for (let i = 0; i < 10; i++)
    await system.waitUntilSettled(await system.findCustomerId(`attacker-${i}`, EVIL));

  const customer = await system.findCustomerId('attacker-0', EVIL);
  const [decision] = await system.db.db.sql`
    select record from decisions where customer_id = ${customer} order by ordinal limit 1`;
  const { changes } = decodeRecord(decision?.record);
  expect(changes).toContainEqual({
    kind: 'condition_failed',
    expression: NESTED,
    reason: 'takes more than 500000 steps: nest fewer loops, or loop over shorter lists',
  });
  // The pattern does not match, in linear time: that is an answer.
  expect(changes.filter(({ kind }) => kind === 'condition_failed')).toHaveLength(1);
}, 60_000);

test('I1, I4: a customer whose decision exceeds a limit is parked alone, and recovers with another bundle', async () => {
  const costly = Array.from({ length: 15 }, (_, i) => NESTED.replace('1000.0', `${1_000 + i}.0`));
  await system.applyFiles(EVIL, evilBundle(costly));
  await system.accept(attack('victim'), order('victim', EVIL));
  const customer = await system.findCustomerId('victim', EVIL);
  await waitUntil(async () => (await readPoison(customer)).poison !== null, 'the customer to be parked');
  const parked = await readPoison(customer);
  expect(parked.poison).toMatchObject({
    reason: 'its conditions take more than 5000000 steps together',
    tries: 1,
  });
  // Nothing is lost: both events wait.
  expect(parked.waiting).toBe(2);

  // Another customer of the same workspace, and one of another.
  await system.accept(order('neighbour', EVIL));
  const neighbour = await system.findCustomerId('neighbour', EVIL);
  await waitUntil(async () => (await findSentActions(system, neighbour)).length > 0, "the neighbour's mail");
  expect(await mailElsewhere('meanwhile')).toBeLessThan(10_000);

  // A further event is answered without trying again.
  await system.accept({ ...attack('victim'), name: 'Page Viewed' }, order('victim', EVIL));
  await waitUntil(async () => (await readPoison(customer)).until !== null, 'the events to be left alone');
  expect((await readPoison(customer)).ordinal).toBe(parked.ordinal);

  const snapshot = await viewCustomer(system.db.db.sql, EVIL, customer);
  expect(snapshot?.state?.poison).toMatchObject({ tries: 1 });
  const timeline = await viewTimeline(system.db.db.sql, { customerIds: [customer], limit: 20, before: null });
  expect(timeline.flatMap((row) => toTimelineItemView(row).effects)).toContain(
    'customer parked: its conditions take more than 5000000 steps together',
  );

  const { sql } = system.db.db;
  const listed = await findCustomers(sql, {
    workspace: EVIL,
    q: '',
    parked: true,
    reach: { account: false, group: false, now: Date.now() },
    limit: 10,
    after: null,
  });
  expect(listed.map(({ id, parked }) => [id, parked])).toEqual([[customer, true]]);
  expect(await countPoisoned(sql)).toBe(1);

  // Support tries again at once.
  await system.accept({
    workspace: EVIL,
    customerId: customer,
    name: EVENT.resumed,
    source: 'throughline',
    properties: { reason: 'try again', actor: 'support' },
  });
  await waitUntil(async () => (await readPoison(customer)).poison?.tries === 2, 'another try');

  // The author mends the bundle. The overdue sweep wakes who was parked.
  await system.applyFiles(EVIL, evilBundle([REGEX]));
  await waitUntil(
    async () => (await readPoison(customer)).poison === null,
    'the customer to recover',
    45_000,
  );
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['confirm']);
  expect(await countPoisoned(sql)).toBe(0);
  await system.replayHistories(customer);
}, 120_000);
