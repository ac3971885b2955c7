import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { compileAroma, Life } from '../support/life.ts';

const START = Date.parse('2026-11-02T09:00:00Z');
const ADA = {
  traits: { email: 'ada@example.com', firstName: 'Ada', birthday: '1990-11-20' },
  consent: { categoryPreferences: { marketing: true } },
};

const aroma: Bundle = await compileAroma(treatEveryCustomer);

function lifeOfAda(): Life {
  const life = new Life(aroma, START);
  life.zoneName = 'Europe/Berlin';
  life.acceptAndDecide({ name: 'Account Created', context: ADA });
  return life;
}

const sent = (life: Life) => life.deliveries.map(({ action }) => action);
const stages = (life: Life) =>
  [...life.published.values()].flatMap(({ name, properties }) =>
    name === 'Stage Changed' ? [properties.to] : [],
  );
const listFailures = (life: Life) =>
  life.history.flatMap(({ changes }) =>
    changes.filter(({ kind }) => kind === 'poisoned' || kind === 'condition_failed'),
  );

test('E-1, E-2, E-6, A-6: a customer passes all stages of the example, each emits Stage Changed, no journey fails', () => {
  const life = lifeOfAda();
  life.passTime(10 * DAY);
  life.acceptAndDecide({ name: 'Machine Registered', properties: { machine_id: 'm1', model: 'Classic' } });
  life.passTime(30 * DAY);
  expect(sent(life)).toEqual([
    'welcome',
    expect.stringMatching(/^welcome-/),
    'first-cup-help',
    'birthday-code',
  ]);
  expect([...life.published.values()].find(({ name }) => name === 'Machine Unused')).toMatchObject({
    properties: { model: 'Classic', days: 19 },
  });

  const beans = { order_id: 'o1', total: 20, products: [{ product_id: 'coffee-beans' }] };
  life.acceptAndDecide({ name: 'Order Completed', properties: beans });
  life.passTime(25 * DAY);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score: 10 } });
  life.passTime(2 * DAY);
  expect(sent(life).slice(4)).toEqual(['order-confirmation', 'refill', 'refer-a-friend']);

  life.passTime(160 * DAY);
  expect(sent(life).slice(7)).toEqual(['nudge', 'comeback-story']);
  expect(stages(life)).toEqual(['onboarding', 'adoption', 'advocacy', 'win-back']);
  life.acceptAndDecide({ name: 'Order Completed', properties: { ...beans, order_id: 'o2' } });
  expect(stages(life).at(-1)).toBe('advocacy');
  expect(listFailures(life)).toEqual([]);
});

test('E-6: a detractor gets an agent task, and no nudge or referral', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Order Completed', properties: { order_id: 'o1', total: 20 } });
  life.passTime(20 * DAY);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score: 3 } });
  expect(life.tasks.map(({ action }) => action)).toEqual(['listen-call']);
  life.passTime(200 * DAY);
  expect(sent(life)).not.toContain('nudge');
  expect(sent(life)).not.toContain('refer-a-friend');
});

test.each([
  ['2', ['listen-call']],
  [' 2.0 ', ['listen-call']],
  ['two', []],
  [null, []],
])('a score sent as %j asks for the tasks %j', (score, tasks) => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Order Completed', properties: { order_id: 'o1', total: '20.00' } });
  life.passTime(20 * DAY);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score } });
  expect(life.tasks.map(({ action }) => action)).toEqual(tasks);
});

test('E-6: a neutral answer starts nothing, and a promoter who scored low before is not asked to recommend', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'csat', score: 3 } });
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's2', kind: 'other', score: 0 } });
  expect([life.tasks, life.state.enrollments.map(({ journey }) => journey)]).toEqual([[], ['onboarding']]);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's3', kind: 'nps', score: 9 } });
  life.passTime(DAY);
  expect(life.state.stage?.id).toBe('advocacy');
  expect(sent(life)).not.toContain('refer-a-friend');
});

describe('an order that is cancelled or given back as a whole', () => {
  const said = (name: string, order_id: unknown, more: object = {}) => ({
    name: `Order ${name}`,
    properties: { order_id, ...more },
  });
  const bought = (order_id: unknown, product_id: string) =>
    said('Completed', order_id, { total: 400, products: [{ product_id, price: 400, quantity: 1 }] });
  const following = (life: Life) => life.state.enrollments.map(({ journey }) => journey).sort();

  test.each([
    ['is cancelled', said('Cancelled', 'o1')],
    ['is given back as a whole', said('Refunded', 'o1')],
    ['is given back as a whole, in money', said('Refunded', 'o1', { total: 400 })],
    ['is changed to cancelled', said('Updated', 'o1', { status: 'cancelled' })],
  ])('ends the tips and the refill when it %s', (_, event) => {
    const life = lifeOfAda();
    life.acceptAndDecide(bought('o1', 'espresso-machine'));
    expect(following(life)).toContain('tips');
    life.acceptAndDecide(event);
    expect(following(life)).not.toContain('tips');
    const beans = lifeOfAda();
    beans.acceptAndDecide(bought('o1', 'coffee-beans'));
    beans.acceptAndDecide(event);
    beans.passTime(40 * DAY);
    expect(sent(beans)).not.toContain('refill');
    expect([...listFailures(life), ...listFailures(beans)]).toEqual([]);
  });

  test('ends the tips also when its id was sent as a number', () => {
    const life = lifeOfAda();
    life.acceptAndDecide(bought(77, 'espresso-machine'));
    life.acceptAndDecide(said('Cancelled', '77'));
    expect(following(life)).not.toContain('tips');
  });

  test.each([
    ['a part of it', said('Refunded', 'o1', { total: 25 })],
    ['another order', said('Refunded', 'o0')],
  ])('goes on when %s is given back', (_, event) => {
    const life = lifeOfAda();
    life.acceptAndDecide(bought('o0', 'cup'));
    life.acceptAndDecide(bought('o1', 'espresso-machine'));
    life.acceptAndDecide(event);
    expect(following(life)).toContain('tips');
  });

  test('is not confirmed if it was cancelled before, in whatever order the two arrive', () => {
    const life = lifeOfAda();
    life.acceptAndDecide(said('Cancelled', 'o1'));
    life.acceptAndDecide(bought('o1', 'espresso-machine'));
    expect(sent(life)).not.toContain('order-confirmation');
    expect(following(life)).toEqual([]);
  });

  test.each([
    ['Cancelled', {}],
    ['Refunded', {}],
    ['Updated', { status: 'canceled' }],
  ])('Order %s ends the rescue of its payment, and withdraws the call', (name, more) => {
    const life = lifeOfAda();
    life.acceptAndDecide(bought('o0', 'cup'));
    life.acceptAndDecide({ name: 'Payment Failed', properties: { order_id: 'o1', value: 400 } });
    expect(life.tasks.map(({ action, state }) => [action, state])).toEqual([['agent-call', 'open']]);
    life.acceptAndDecide(said(name, 'o0', more));
    expect(following(life)).toContain('payment-rescue');
    life.acceptAndDecide(said(name, 'o1', more));
    expect(following(life)).not.toContain('payment-rescue');
    expect(life.tasks.map(({ state }) => state)).toEqual(['withdrawn']);
  });
});

test('E-7: a ticket that is open for thirty days becomes an agent task', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.passTime(29 * DAY);
  expect(life.tasks).toEqual([]);
  life.passTime(DAY + HOUR);
  expect(life.tasks.map(({ action }) => action)).toEqual(['overdue-task']);
});

test('story 3: a closed ticket that was our fault sends the gift once, and no journey fails', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.passTime(DAY);
  const { judgedCandidates } = life.acceptAndDecide({
    name: 'Ticket Closed',
    properties: { ticket_id: 't1', fault: 'ours' },
  });
  expect(judgedCandidates.find(({ action }) => action === 'coupon-20')).toMatchObject({ verdict: 'chosen' });
  life.passTime(20 * DAY);
  expect(sent(life).filter((action) => action === 'coupon-20')).toHaveLength(1);
  expect(listFailures(life)).toEqual([]);
});
