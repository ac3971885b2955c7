import { expect, test } from 'vitest';
import type { Bundle } from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { everybodyTreated } from '../support/bundles.ts';
import { compileAroma, Life } from '../support/core.ts';

const START = Date.parse('2026-11-02T09:00:00Z');
const ADA = {
  traits: { email: 'ada@example.com', first_name: 'Ada', birthday: '1990-11-20' },
  consent: { categoryPreferences: { marketing: true } },
};

const aroma: Bundle = await compileAroma(everybodyTreated);

function lifeOfAda(): Life {
  const life = new Life(aroma, START);
  life.zoneName = 'Europe/Berlin';
  life.happen({ name: 'Account Created', context: ADA });
  return life;
}

const sent = (life: Life) => life.deliveries.map(({ action }) => action);
const stages = (life: Life) =>
  [...life.said.values()].flatMap(({ name, properties }) =>
    name === 'Stage Changed' ? [properties.to] : [],
  );
const broken = (life: Life) =>
  life.history.flatMap(({ changes }) =>
    changes.filter(({ kind }) => kind === 'poisoned' || kind === 'condition_failed'),
  );

test('E-1, E-2, E-6, A-6: a whole life with the example: each stage has its word, and nothing in it breaks', () => {
  const life = lifeOfAda();
  life.pass(10 * DAY);
  life.happen({ name: 'Machine Registered', properties: { machine_id: 'm1', model: 'Classic' } });
  life.pass(30 * DAY);
  expect(sent(life)).toEqual([
    'welcome',
    expect.stringMatching(/^welcome-/),
    'first-cup-help',
    'birthday-code',
  ]);
  expect([...life.said.values()].find(({ name }) => name === 'Machine Unused')).toMatchObject({
    properties: { model: 'Classic', days: 19 },
  });

  const beans = { order_id: 'o1', total: 20, products: [{ product_id: 'coffee-beans' }] };
  life.happen({ name: 'Order Completed', properties: beans });
  life.pass(25 * DAY);
  life.happen({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score: 10 } });
  life.pass(2 * DAY);
  expect(sent(life).slice(4)).toEqual(['order-confirmation', 'refill', 'refer-a-friend']);

  life.pass(160 * DAY);
  expect(sent(life).slice(7)).toEqual(['nudge', 'comeback-story']);
  expect(stages(life)).toEqual(['onboarding', 'adoption', 'advocacy', 'win-back']);
  life.happen({ name: 'Order Completed', properties: { ...beans, order_id: 'o2' } });
  expect(stages(life).at(-1)).toBe('advocacy');
  expect(broken(life)).toEqual([]);
});

test('E-6: who is unhappy gets a person, and no mailing that ignores it', () => {
  const life = lifeOfAda();
  life.happen({ name: 'Order Completed', properties: { order_id: 'o1', total: 20 } });
  life.pass(20 * DAY);
  life.happen({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'nps', score: 3 } });
  expect(life.tasks.map(({ action }) => action)).toEqual(['listen-call']);
  life.pass(200 * DAY);
  expect(sent(life)).not.toContain('nudge');
  expect(sent(life)).not.toContain('refer-a-friend');
});

test('E-6: an answer that is neither opens nothing, and a promoter who was let down is not asked for favours', () => {
  const life = lifeOfAda();
  life.happen({ name: 'Survey Answered', properties: { survey_id: 's1', kind: 'csat', score: 3 } });
  life.happen({ name: 'Survey Answered', properties: { survey_id: 's2', kind: 'other', score: 0 } });
  expect([life.tasks, life.state.enrollments.map(({ journey }) => journey)]).toEqual([[], ['onboarding']]);
  life.happen({ name: 'Survey Answered', properties: { survey_id: 's3', kind: 'nps', score: 9 } });
  life.pass(DAY);
  expect(life.state.stage?.id).toBe('advocacy');
  expect(sent(life)).not.toContain('refer-a-friend');
});

test('E-7: a ticket that is open for thirty days is somebody’s task', () => {
  const life = lifeOfAda();
  life.happen({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.pass(29 * DAY);
  expect(life.tasks).toEqual([]);
  life.pass(DAY + HOUR);
  expect(life.tasks.map(({ action }) => action)).toEqual(['overdue-task']);
});

test('story 3: the ticket that was our fault is closed: the gift goes out, once, and is waited for', () => {
  const life = lifeOfAda();
  life.happen({ name: 'Ticket Opened', properties: { ticket_id: 't1', subject: 'Leak' } });
  life.pass(DAY);
  const { judged } = life.happen({ name: 'Ticket Closed', properties: { ticket_id: 't1', fault: 'ours' } });
  expect(judged.find(({ action }) => action === 'coupon-20')).toMatchObject({ verdict: 'chosen' });
  life.pass(20 * DAY);
  expect(sent(life).filter((action) => action === 'coupon-20')).toHaveLength(1);
  expect(broken(life)).toEqual([]);
});
