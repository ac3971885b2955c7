import { expect, test } from 'vitest';
import type { Bundle } from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { compileAroma, Life } from '../support/life.ts';

const START = Date.parse('2026-11-02T09:00:00Z');
const ADA = {
  traits: { email: 'ada@example.com', first_name: 'Ada', birthday: '1990-11-20' },
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
const broken = (life: Life) =>
  life.history.flatMap(({ changes }) =>
    changes.filter(({ kind }) => kind === 'poisoned' || kind === 'condition_failed'),
  );

test('E-1, E-2, E-6, A-6: a whole life with the example: each stage has its word, and nothing in it breaks', () => {
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
  expect(broken(life)).toEqual([]);
});

test('E-6: who is unhappy gets a person, and no mailing that ignores it', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Order Completed', properties: { order_id: 'o1', total: 20 } });
  life.passTime(20 * DAY);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score: 3 } });
  expect(life.tasks.map(({ action }) => action)).toEqual(['listen-call']);
  life.passTime(200 * DAY);
  expect(sent(life)).not.toContain('nudge');
  expect(sent(life)).not.toContain('refer-a-friend');
});

test('E-6: an answer that is neither opens nothing, and a promoter who was let down is not asked for favours', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'csat', score: 3 } });
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's2', kind: 'other', score: 0 } });
  expect([life.tasks, life.state.enrollments.map(({ journey }) => journey)]).toEqual([[], ['onboarding']]);
  life.acceptAndDecide({ name: 'Survey Answered', properties: { survey_id: 's3', kind: 'nps', score: 9 } });
  life.passTime(DAY);
  expect(life.state.stage?.id).toBe('advocacy');
  expect(sent(life)).not.toContain('refer-a-friend');
});

test('E-7: a ticket that is open for thirty days is somebody’s task', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.passTime(29 * DAY);
  expect(life.tasks).toEqual([]);
  life.passTime(DAY + HOUR);
  expect(life.tasks.map(({ action }) => action)).toEqual(['overdue-task']);
});

test('story 3: the ticket that was our fault is closed: the gift goes out, once, and is waited for', () => {
  const life = lifeOfAda();
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.passTime(DAY);
  const { judgedCandidates: judged } = life.acceptAndDecide({
    name: 'Ticket Closed',
    properties: { ticket_id: 't1', fault: 'ours' },
  });
  expect(judged.find(({ action }) => action === 'coupon-20')).toMatchObject({ verdict: 'chosen' });
  life.passTime(20 * DAY);
  expect(sent(life).filter((action) => action === 'coupon-20')).toHaveLength(1);
  expect(broken(life)).toEqual([]);
});
