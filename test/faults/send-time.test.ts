import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { saveFit } from '../../db/learning/score-fits.ts';
import { lookUpZone } from '../../src/app/time-zones.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time/time.ts';
import type { FittedScores } from '../../src/learning/scores/types.ts';
import { HOURS_A_WEEK, hourOfWeek } from '../../src/learning/timing/hours-of-week.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { findSentActions, startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

/** All customers answer at one hour of the day: six hours after the tip is decided. */
const DECIDED = Date.now() + DAY + MINUTE;
const BERLIN = lookUpZone('Europe/Berlin', 'UTC', DECIDED);
const LIKED = hourOfWeek(BERLIN, DECIDED + 6 * HOUR) % 24;
const fit = {
  format: 1,
  version: '1',
  at: DECIDED - 3 * DAY,
  hours: Array.from({ length: HOURS_A_WEEK }, (_, hour) => (hour % 24 === LIKED ? 1 / 7 : 0)),
} as FittedScores;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
  await saveFit(system.db.db.sql, { workspace: WORKSPACE, version: 1, body: fit });
});
afterAll(() => system?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '250 OK' });

async function machineBuyer(userId: string): Promise<string> {
  await system.accept(buildMachineOrder(userId));
  return system.findCustomerId(userId);
}

async function withTimedTip(userId: string, activities: ReturnType<typeof createActivityCalls>) {
  const customer = await machineBuyer(userId);
  await activities.deliver(customer, await activities.planDelivery(customer));
  await activities.decide(customer, 2);
  const answer = (await activities.decide(customer, 3, DECIDED)) as ProgressAnswer;
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  if (tip?.kind !== 'deliver') throw new Error('no tip was planned');
  return { customer, tip: tip.id, due: tip.notBefore as number, ordinal: answer.ordinal };
}

const row = async (id: string) =>
  (await system.db.db.sql`select state, at, send_reason, verdict from deliveries where id = ${id}`)[0];

test('B-1: plans a message for the customer’s best hour, explains it, and doesn’t send before', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const { customer, tip, due } = await withTimedTip('ada', activities);
  channel.outgoing.length = 0;
  expect([due - DECIDED > 4 * HOUR, due - DECIDED <= 6 * HOUR]).toEqual([true, true]);
  expect(hourOfWeek(BERLIN, due) % 24).toBe(LIKED);
  expect(await row(tip)).toMatchObject({ state: 'planned', at: due, send_reason: 'cohort_hours' });
  expect(await activities.deliver(customer, tip, DECIDED + MINUTE)).toEqual({
    id: tip,
    state: 'planned',
    retryAt: due,
  });
  expect(channel.outgoing).toEqual([]);
  expect(await activities.deliver(customer, tip, due)).toMatchObject({ state: 'sent' });
  expect(channel.outgoing).toHaveLength(1);
});

test('I3: a ticket that opens before the planned hour stops the message, which is decided again after the ticket', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const { customer, tip, due, ordinal } = await withTimedTip('bert', activities);
  const ticket = (name: string) => system.accept({ name, userId: 'bert', properties: { ticket_id: 'T1' } });
  await ticket('Ticket Opened');
  let answer = (await activities.decide(customer, ordinal + 1, due - 3 * HOUR)) as ProgressAnswer;
  for (const effect of answer.effects.filter(({ class: of }) => of === 'service'))
    await activities.deliver(customer, effect.id, due - 3 * HOUR);
  channel.outgoing.length = 0;
  expect(await activities.deliver(customer, tip, due)).toMatchObject({ state: 'held' });
  answer = (await activities.decide(customer, answer.ordinal + 1, due + MINUTE)) as ProgressAnswer;
  expect(answer.effects.filter(({ class: of }) => of === 'marketing')).toEqual([]);
  expect(channel.outgoing).toEqual([]);

  await ticket('Ticket Closed');
  const closed = due + HOUR;
  answer = (await activities.decide(customer, answer.ordinal + 1, closed)) as ProgressAnswer;
  // The survey is sent first, and the tip waits a day for it.
  let again: ProgressAnswer['effects'][number] | undefined;
  for (let now = closed + 48 * HOUR + MINUTE; !again && now < closed + 6 * DAY; now += 12 * HOUR) {
    answer = (await activities.decide(customer, answer.ordinal + 1, now)) as ProgressAnswer;
    again = answer.effects.find(({ class: of }) => of === 'marketing');
    for (const effect of answer.effects.filter(({ class: of }) => of === 'service'))
      await activities.deliver(customer, effect.id, now);
  }
  expect(again?.id).toBeDefined();
  expect(again?.id).not.toBe(tip);
  // The refused attempt has ended, and was never sent.
  expect(await row(tip)).toMatchObject({ state: 'cancelled', verdict: { code: 'ticket_open' } });
});

test('the relay doesn’t remind a workflow of a delivery that isn’t due', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const { customer, tip, due } = await withTimedTip('cara', activities);
  await system.db.db.sql`update deliveries set updated_at = now() - interval '1 hour' where id = ${tip}`;
  const late = (before: number) => system.db.db.sql`
    select customer_id from deliveries where state = 'planned' and at < ${before} and customer_id = ${customer}`;
  expect(await late(due - MINUTE)).toHaveLength(0);
  expect(await late(due + MINUTE)).toHaveLength(1);
});

test('the workflow waits for the planned hour by its own timer and starts one attempt', async () => {
  const whole = await startTestSystem({ files: treatEveryCustomer });
  try {
    await saveFit(whole.db.db.sql, { workspace: WORKSPACE, version: 1, body: fit });
    await whole.accept({
      name: 'Order Completed',
      userId: 'dora',
      context: {
        consent: { categoryPreferences: { marketing: true } },
        traits: { email: 'dora@example.com' },
      },
      properties: { order_id: 'o-dora', total: 400, products: [{ product_id: 'espresso-machine' }] },
    });
    const customer = await whole.findCustomerId('dora');
    await whole.waitUntilSettled(customer);
    const planned = async () =>
      (
        await whole.db.db.sql`
          select state, deliveries.at, decisions.at as decided, attempts from deliveries join decisions on decisions.id = decision_id
          where deliveries.customer_id = ${customer} and class = 'marketing'`
      )[0];
    for (let i = 0; i < 10 && !(await planned()); i++) await whole.advanceTime(customer, 4 * HOUR);
    const tip = await planned();
    expect(Number(tip?.at)).toBeGreaterThan(Number(tip?.decided));
    expect(tip).toMatchObject({ state: 'planned', attempts: 0 });
    const [why] = await whole.db.db.sql`
      select send_reason as reason, record from deliveries d join decisions on decisions.id = decision_id
      where d.customer_id = ${customer} and class = 'marketing'`;
    expect(why?.reason).not.toBe('now');
    expect(decodeRecord(why?.record).actions[0]?.deliveries[0]?.sendReason).toBe(why?.reason);
    await whole.advanceTime(customer, DAY);
    expect(await planned()).toMatchObject({ state: 'sent', attempts: 1 });
    expect(await findSentActions(whole, customer)).toEqual(['order-confirmation', 'tip-grinder']);
    const history = await whole.getWorkflowHandle(customer).fetchHistory();
    const attempts = (history.events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'deliver',
    );
    expect(attempts).toHaveLength(2);
  } finally {
    await whole.stop();
  }
});
