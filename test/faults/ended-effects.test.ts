import { afterAll, beforeAll, expect, test } from 'vitest';
import { pauseAction, resumeAction } from '../../db/guardrails/paused-actions.ts';
import { raiseEpoch } from '../../db/maintenance/raise-epoch.ts';
import { leaseOverdueWakes } from '../../db/wakes/lease-wakes.ts';
import { endAbandonedDelivery } from '../../src/app/deliver/end-delivery.ts';
import { eraseCustomer } from '../../src/app/identity/erase-customer.ts';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { applyTaskStep, type PlanTaskStep } from '../../src/app/tasks/apply-step.ts';
import { planClaim, planDismiss, planResolve } from '../../src/app/tasks/plan-steps.ts';
import { raiseAgentTask } from '../../src/app/tasks/raise-agent-task.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import { createUnconfiguredChannel } from '../../src/channels/unconfigured.ts';
import { DELIVERY_STATES, isFinal, TASK_STATES } from '../../src/domain/delivery.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

/** States in which a journey has to look at an effect. */
const ENDED = [...DELIVERY_STATES, ...TASK_STATES].filter((state) => isFinal(state) && state !== 'planned');

let system: TestSystem;
let calls: ActivityCalls;
let reply: SendResult | (() => Promise<SendResult>);
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
  calls = createActivityCalls(
    system,
    fakeChannel(() => (typeof reply === 'function' ? reply() : reply)),
  );
  await watchEnds();
});
afterAll(() => system?.stop());

/**
 * Notes every effect that ends, and at the commit those whose journey learns nothing of it: neither did the commit decide
 * for the customer, nor does it leave a wake or a check behind. Of customers who are gone no journey is left.
 */
async function watchEnds(): Promise<void> {
  const { sql } = system.db.db;
  await sql.unsafe(`
    create table ended (id text, state text, woken boolean);
    create function note_end() returns trigger language plpgsql as $$
      declare xact text := (pg_current_xact_id()::text::bigint % 4294967296)::text;
      begin
        insert into ended values (new.id, new.state,
          exists (select 1 from decisions where customer_id = new.customer_id and xmin::text = xact)
          or exists (select 1 from wakes where customer_id = new.customer_id and xmin::text = xact
            and (requested_seq > processed_seq or checks_requested > checks_done))
          or not exists (select 1 from customers
            where id = new.customer_id and merged_into is null and erased_at is null));
        return null;
      end $$`);
  const states = [...ENDED, 'held'].map((state) => `'${state}'`).join(', ');
  for (const table of ['deliveries', 'agent_tasks'])
    await sql.unsafe(`
      create constraint trigger note_end after update on ${table} deferrable initially deferred for each row
      when (old.state is distinct from new.state and new.state in (${states})) execute function note_end()`);
}

async function open(userId: string): Promise<string> {
  await system.accept(buildMachineOrder(userId, 5_000));
  return system.findCustomerId(userId);
}

/** A customer with a planned delivery. */
async function withDelivery(userId: string): Promise<[customer: string, id: string]> {
  const customer = await open(userId);
  return [customer, await calls.planDelivery(customer)];
}

/** A customer with a planned tip, which is marketing. */
async function withTip(userId: string): Promise<[customer: string, id: string]> {
  const [customer, confirmation] = await withDelivery(userId);
  reply = { state: 'sent', providerId: '' };
  await calls.deliver(customer, confirmation);
  await calls.decide(customer, 2);
  const answer = (await calls.decide(customer, 3, Date.now() + DAY + MINUTE)) as ProgressAnswer;
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  return [customer, tip?.id as string];
}

/** A customer with a planned task of an agent. */
async function withTask(userId: string): Promise<[customer: string, id: string]> {
  const [customer, confirmation] = await withDelivery(userId);
  reply = { state: 'sent', providerId: '' };
  await calls.deliver(customer, confirmation);
  await system.accept({
    name: 'Payment Failed',
    userId,
    properties: { order_id: 'o-2', value: 412, code: 'card_declined' },
  });
  const answer = (await calls.decide(customer, 2)) as ProgressAnswer;
  const task = answer.effects.find((effect) => effect.kind === 'raise_agent_task');
  return [customer, task?.id as string];
}

const openTicket = (userId: string) =>
  system.accept({ name: 'Ticket Opened', userId, properties: { ticket_id: `T-${userId}` } });

const pause = (userId: string) =>
  system.accept({ name: 'Customer Paused', userId, properties: { reason: 'a test' } });

const raise = (customerId: string, id: string) =>
  raiseAgentTask(calls.deps, { workspace: WORKSPACE, customerId, id, now: Date.now() });

const step = (taskId: string, messageId: string, plan: PlanTaskStep) =>
  applyTaskStep(calls.deps, { workspace: WORKSPACE, taskId, messageId }, plan);

const ordinal = async (customer: string) => {
  const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customer}`;
  return Number(row?.ordinal);
};

const decideNext = async (customer: string, now = Date.now()) =>
  calls.decide(customer, (await ordinal(customer)) + 1, now);

const later = Date.now() + DAY + 2 * MINUTE;
const stalls = () => new Promise<SendResult>(() => {});

/** The ways in which effects end, with the states in which they leave them. */
const WAYS: [way: string, states: string[], end: (userId: string) => Promise<unknown>][] = [
  [
    'the provider accepts',
    ['sent'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      reply = { state: 'sent', providerId: '' };
      await calls.deliver(customer, id);
    },
  ],
  [
    'the provider refuses',
    ['failed'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      reply = { state: 'failed', error: '550', suppress: true };
      await calls.deliver(customer, id);
    },
  ],
  [
    'the provider’s answer is lost',
    ['unknown'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      reply = { state: 'unknown', error: 'silence' };
      await calls.deliver(customer, id);
    },
  ],
  [
    'a second attempt finds a lapsed lease',
    ['unknown'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      await claim(customer, id);
      await calls.deliver(customer, id);
    },
  ],
  [
    'the relay finds an abandoned delivery',
    ['unknown'],
    async (user) => {
      const [customerId, id] = await withDelivery(user);
      await claim(customerId, id);
      await endAbandonedDelivery(calls.deps, { workspace: WORKSPACE, customerId, id });
    },
  ],
  [
    'the claim refuses, and the decision cancels',
    ['sent', 'held', 'cancelled'],
    async (user) => {
      const [customer, tip] = await withTip(user);
      await openTicket(user);
      await calls.deliver(customer, tip, later);
      await decideNext(customer, later);
    },
  ],
  [
    'a claim finds the action paused',
    ['sent', 'held'],
    async (user) => {
      const [customer, tip] = await withTip(user);
      const { sql } = system.db.db;
      const [planned] = await sql`select action from deliveries where id = ${tip}`;
      const action = { workspace: WORKSPACE, action: planned?.action as string };
      await pauseAction(sql, { ...action, since: Date.now(), cause: { harm: 'by_hand' } });
      await calls.deliver(customer, tip, later);
      await resumeAction(sql, { ...action, by: 'a test', reason: 'a test' });
    },
  ],
  [
    'a claim finds the customer snoozing',
    ['sent', 'held'],
    async (user) => {
      const [customer, tip] = await withTip(user);
      const until = new Date(later + 7 * DAY).toISOString();
      await system.accept({ name: 'Customer Snoozed', userId: user, properties: { until } });
      await calls.deliver(customer, tip, later);
    },
  ],
  [
    'a claim comes too late',
    ['held'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      await calls.deliver(customer, id, Date.now() + 90 * DAY);
    },
  ],
  [
    'the channel is no longer configured',
    ['failed'],
    async (user) => {
      const [customer, id] = await withDelivery(user);
      await createActivityCalls(system, createUnconfiguredChannel('email', 'set SMTP_URL')).deliver(
        customer,
        id,
      );
    },
  ],
  [
    'a new bundle has neither the action nor its journey',
    ['sent', 'cancelled'],
    async (user) => {
      const [customer, tip] = await withTip(user);
      await system.applyExample((files) =>
        treatEveryCustomer(files).filter(({ path }) => !isAboutTips(path)),
      );
      // The relay finds the journey, though nothing has happened to its customer.
      const overdue = await leaseOverdueWakes(system.db.db.sql, 1_000, 10, Date.now());
      expect(overdue.map(({ customerId }) => customerId)).toContain(customer);
      await decideNext(customer, later);
      expect(await calls.deliver(customer, tip, later)).toMatchObject({ state: 'cancelled' });
      await system.applyExample(treatEveryCustomer);
    },
  ],
  [
    'a delivery ends after its customer was merged',
    ['sent'],
    async (user) => {
      const [loser, id] = await withDelivery(user);
      const winner = await open(`${user}-winner`);
      reply = { state: 'sent', providerId: '' };
      await mergeCustomers(calls.deps, {
        workspace: WORKSPACE,
        loser,
        winner,
        actor: 'a test',
        reason: 'a test',
      });
      await calls.deliver(loser, id);
    },
  ],
  [
    // Its row is deleted with the customer.
    'the customer is erased while a delivery is sent',
    [],
    async (user) => {
      const [customerId, id] = await withDelivery(user);
      await claim(customerId, id);
      await eraseCustomer(calls.deps, { workspace: WORKSPACE, customerId, actor: 'a test' });
      await calls.deliver(customerId, id);
    },
  ],
  [
    'the database is restored',
    ['unknown'],
    async (user) => {
      await withDelivery(user);
      await system.db.db.sql.begin((tx) => raiseEpoch(tx));
    },
  ],
  [
    'an agent resolves a task',
    ['sent', 'resolved'],
    async (user) => {
      const [customer, id] = await withTask(user);
      await raise(customer, id);
      await step(id, `${user}/1`, planClaim(calls.deps, 'kim'));
      await step(id, `${user}/2`, planResolve('placed', {}));
    },
  ],
  [
    'an agent dismisses a task',
    ['sent', 'withdrawn'],
    async (user) => {
      const [customer, id] = await withTask(user);
      await raise(customer, id);
      await step(id, `${user}/1`, planDismiss('a duplicate', {}));
    },
  ],
  [
    'the gates refuse to raise a task',
    ['sent', 'withdrawn'],
    async (user) => {
      const [customer, id] = await withTask(user);
      await pause(user);
      await system.db.db.sql`update agent_tasks set class = 'marketing' where id = ${id}`;
      await raise(customer, id);
    },
  ],
  [
    'an agent’s claim is refused',
    ['sent', 'withdrawn'],
    async (user) => {
      const [customer, id] = await withTask(user);
      await raise(customer, id);
      await system.db.db.sql`update agent_tasks set class = 'marketing' where id = ${id}`;
      await pause(user);
      await step(id, `${user}/1`, planClaim(calls.deps, 'kim'));
    },
  ],
  [
    'nobody takes a task in time',
    ['sent', 'expired'],
    async (user) => {
      const [customer, id] = await withTask(user);
      await raise(customer, id);
      await decideNext(customer, Date.now() + 30 * DAY);
    },
  ],
];

const isAboutTips = (path: string) => ['journeys/tips.yaml', 'actions/tips.yaml'].includes(path);

/** Claims a delivery whose attempt never ends, and lets its lease lapse. */
async function claim(customer: string, id: string): Promise<void> {
  reply = stalls;
  void calls.deliver(customer, id);
  for (;;) {
    const [row] = await system.db.db.sql`select state from deliveries where id = ${id}`;
    if (row?.state === 'sending') break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await system.db.db.sql`update deliveries set lease_until = now() - interval '1 second' where id = ${id}`;
}

test.each(WAYS)('I4: when %s, the commit wakes the journey', async (way, states, end) => {
  const { sql } = system.db.db;
  await sql`delete from ended`;
  await end(way.replaceAll(/\W+/g, '-'));
  const ended = await sql`select state, woken from ended order by ctid`;
  expect([...new Set(ended.map((row) => row.state))]).toEqual(states);
  expect(ended.filter((row) => !row.woken)).toEqual([]);
});

test('every state in which effects end is among the ways', () => {
  const seen = new Set(WAYS.flatMap(([, states]) => states));
  expect([...seen].sort()).toEqual([...new Set([...ENDED, 'held'])].sort());
});

test('the watch notices an end that wakes nobody', async () => {
  const { sql } = system.db.db;
  const [, id] = await withDelivery('unwatched');
  await decideNext(await system.findCustomerId('unwatched'));
  await sql`delete from ended`;
  await sql`update deliveries set state = 'unknown' where id = ${id}`;
  expect(await sql`select woken from ended`).toMatchObject([{ woken: false }]);
});
