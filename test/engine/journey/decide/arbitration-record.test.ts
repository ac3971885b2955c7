import { expect, test } from 'vitest';
import { DAY, MINUTE } from '../../../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByEvent,
  waitStep,
} from '../../../support/bundle-builders.ts';
import { Life } from '../../../support/life.ts';

const START = Date.UTC(2026, 2, 2, 12);
const REWARD = {
  on: 'Order Completed',
  when: null,
  match: 'customer',
  within: 7 * DAY,
  amount: null,
} as const;

/** One marketing step with these actions, for a customer who may be sent marketing. */
function startLife(autonomy: 'rules_only' | 'ai_auto', deliver: 'one' | 'all' = 'one'): Life {
  const promo = buildAction('promo', { class: 'marketing', reward: REWARD, channels: ['inbox', 'push'] });
  const rest = waitStep('rest', [{ kind: 'after', after: 30 * DAY }]);
  const steps = [decideStep('pick', ['promo'], { autonomy, deliver, hold: 7 * DAY }), rest];
  const channels = Object.fromEntries(
    ['inbox', 'push'].map((id) => [id, { via: 'webhook' as const, address: null }]),
  );
  const arbitration = { mode: 'uplift' as const, off: [], fatigue: 0, explore: 10_000 };
  const bundle = buildBundle({
    workspace: { channels, arbitration },
    actions: [promo],
    journeys: [buildJourney('offers', [entryByEvent('Offer Asked')], steps, { class: 'marketing' })],
  });
  const life = new Life(bundle, START);
  life.acceptAndDecide({ name: 'Consent Changed', properties: { purpose: 'marketing', status: 'granted' } });
  return life;
}

/** The claim has just refused what the step wanted. */
function refuse(life: Life, notBefore: number): void {
  const [enrollment] = life.state.enrollments;
  if (!enrollment) throw new Error('no enrollment is open');
  const refusal = { code: 'cap_reached', count: 1, notBefore };
  enrollment.status = { kind: 'held', since: life.now, recheckAt: life.now, liftsOn: [], refusal };
  enrollment.step = 'pick';
  life.deliveries.length = 0;
}

test('an action that a claim has just refused is recorded as drawn but excluded, and no reward is awaited for it', () => {
  const life = startLife('rules_only');
  const first = life.acceptAndDecide({ name: 'Offer Asked' });
  expect(first.arbitrations[0]).toMatchObject({
    chosen: 'promo/inbox',
    rewards: [{ arm: 'promo/inbox' }],
    exclusions: [],
  });
  refuse(life, life.now + MINUTE);
  const [again] = life.decide().arbitrations;
  expect(again).toMatchObject({
    chosen: 'promo/inbox',
    rewards: [],
    exclusions: [{ code: 'claim_cap_reached', subject: 'promo/inbox' }],
  });
  expect(life.deliveries).toEqual([]);
  life.now += MINUTE;
  refuse(life, life.now);
  expect(life.decide().arbitrations[0]?.rewards).toHaveLength(1);
  expect(life.deliveries).toHaveLength(1);
});

test('an action sent through several channels is one arm: each channel has the probability of the draw', () => {
  const drawn = Array.from({ length: 40 }, (_, n) => {
    const life = startLife('ai_auto', 'all');
    life.ordinal = n;
    return life.acceptAndDecide({ name: 'Offer Asked' });
  });
  const acted = drawn.filter(({ plan }) => plan.deliveries.length > 0);
  expect(acted.length).toBeGreaterThan(5);
  expect(acted.length).toBeLessThan(35);
  for (const { judgedCandidates: judged, arbitrations: arbitrated, plan } of acted) {
    expect(arbitrated[0]).toMatchObject({ arms: ['∅', 'promo/inbox'], propensity: 0.5, policy: 'random' });
    expect(plan.deliveries.map(({ channel }) => channel)).toEqual(['inbox', 'push']);
    expect(judged.map(({ verdict, propensity }) => [verdict, propensity])).toEqual([
      ['chosen', 0.5],
      ['chosen', 0.5],
    ]);
  }
  for (const { state, arbitrations: arbitrated } of drawn.filter((one) => !acted.includes(one))) {
    expect(arbitrated[0]?.chosen).toBe('∅');
    expect(state.enrollments[0]?.step).toBe('rest');
  }
});
