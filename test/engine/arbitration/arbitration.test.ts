import { expect, test } from 'vitest';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import type { ArbitrationRecord, Candidate } from '../../../src/domain/candidate.ts';
import type { ActionDef } from '../../../src/domain/definition.ts';
import type { Facts } from '../../../src/domain/facts.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { computeFeatures, getFeatureSchema } from '../../../src/engine/arbitration/customer-features.ts';
import { createChooser } from '../../../src/engine/choose.ts';
import type { DecisionRequest } from '../../../src/engine/request.ts';
import { baselineArmId, hashRewardKind } from '../../../src/learning/model/reward-kind.ts';
import { action, delivery, facts, NOW, request, ticket } from '../support.ts';
import { learned, of, REWARD, shop, under } from './arbitration-support.ts';

const NOTHING = '∅';
const evaluate = createEvaluator();
const at = (changes: Partial<DecisionRequest> = {}) => request({ evaluate, bundle: shop(), ...changes });
const offer = (id: string, changes: Partial<ActionDef> = {}) =>
  action({ id, reward: REWARD, value: '20.0', ...changes });
const often = new Array(200).fill(1);
const never = new Array(200).fill(0);
const BASELINE = baselineArmId(REWARD);
const arbitratedBy = (
  pool: Candidate[],
  decision: DecisionRequest,
  model: Parameters<typeof createChooser>[0] = null,
) => createChooser(model)(pool, decision).arbitration as ArbitrationRecord;

test('the model, not priority, orders actions; its score is the expected money over doing nothing, with all parts', () => {
  const model = learned(shop(), {
    rewards: { 'loved/email': often, 'hated/email': never, [BASELINE]: never },
  });
  const pool = [
    ...of('enr_1', offer('hated', { priority: 99, cost: '1.0' })),
    ...of('enr_2', offer('loved', { cost: '0.5' })),
  ];
  const { judgedCandidates: judged, chosen, arbitration: arbitrated } = createChooser(model)(pool, at());
  expect(chosen.map((c) => c.action.id)).toEqual(['loved']);
  const [hated, loved] = judged;
  expect(loved?.verdict).toBe('chosen');
  expect(hated).toMatchObject({ verdict: 'outranked', propensity: 0.005 });
  expect(hated?.gates.at(-1)).toMatchObject({
    gate: 'arbitration',
    code: 'outranked',
    liftsAt: NOW + 60_000,
  });
  const parts = loved?.scoreParts;
  if (!parts) throw new Error('not weighed');
  expect(parts).toMatchObject({
    value: 2_000,
    context: 1,
    lever: 1,
    cost: 50,
    fatigue: 0,
    hasEvidence: true,
  });
  expect(parts.expected).toBeGreaterThan(0.5);
  expect(parts.baseline).toBeLessThan(0.2);
  const minor = parts.value * (parts.expected - parts.baseline) - parts.cost;
  expect(loved?.score).toBeCloseTo(minor / 100, 9);
  expect(arbitrated?.scores.map((minor) => (minor ?? 0) / 100)).toEqual([0, hated?.score, loved?.score]);
  expect(arbitrated).toMatchObject({
    policy: 'thompson',
    autonomy: 'ai_auto',
    modelVersion: 1,
    arms: [NOTHING, 'hated/email', 'loved/email'],
  });
});

test('doing nothing wins where no action is worth its cost: every enrollment’s step ends with that verdict', () => {
  const model = learned(shop(), { rewards: { 'dear/email': never, [BASELINE]: often } });
  const dear = offer('dear', { cost: '15.0' });
  const click = offer('click', { cost: '15.0', reward: { ...REWARD, on: 'Link Clicked' } });
  const pool = [...of('enr_1', dear), ...of('enr_2', dear), ...of('enr_3', click)];
  const choice = createChooser(model)(pool, at());
  expect(choice.chosen).toEqual([]);
  expect([...choice.endedByDoingNothing].sort()).toEqual(['enr_1', 'enr_2', 'enr_3']);
  for (const judged of choice.judgedCandidates) {
    expect(judged.verdict).toBe('outranked');
    const verdict = judged.gates.at(-1);
    expect([verdict?.code, verdict?.liftsAt, verdict?.liftsOn]).toEqual(['do_nothing', undefined, undefined]);
  }
  // What comes by itself is learned once per kind of reward.
  expect(choice.arbitration?.rewards).toEqual([
    { arm: BASELINE, action: 'dear', channel: null, enrollmentId: 'enr_1', key: 'k-1', within: 7 * DAY },
    {
      arm: `${NOTHING}:${hashRewardKind(click.reward)}`,
      action: 'click',
      channel: null,
      enrollmentId: 'enr_3',
      key: 'k-1',
      within: 7 * DAY,
    },
  ]);
});

test('a chosen action awaits its reward, an action without one awaits none; choices of rules are learned from, too', () => {
  const awaits = (definition: ActionDef, autonomy: Candidate['autonomy']) =>
    arbitratedBy(under(of('enr_1', definition), autonomy), at()).rewards;
  const expected = {
    arm: 'a/email',
    action: 'a',
    channel: 'email',
    enrollmentId: 'enr_1',
    key: 'k-1',
    within: 7 * DAY,
  };
  expect(awaits(offer('a'), 'rules_only')).toEqual([expected]);
  expect(awaits(offer('a', { reward: null }), 'rules_only')).toEqual([]);
  const poor = awaits(offer('a', { value: '0.0' }), 'rules_only');
  expect(poor).toEqual([{ ...expected, arm: BASELINE, channel: null }]);
});

test('the first enrollment by rules represents an arm that several propose; the others are outranked', () => {
  const tip = offer('tip');
  const pool = [
    ...of('enr_2', tip, { order: 1 }),
    ...of('enr_1', tip, { order: 0 }),
    ...of('enr_3', tip, { order: 2 }),
  ];
  const model = learned(shop(), { rewards: { 'tip/email': often, [BASELINE]: never } });
  const choice = createChooser(model)(pool, at());
  expect(choice.chosen.map((c) => c.enrollment.id)).toEqual(['enr_1']);
  expect(choice.arbitration?.arms).toEqual([NOTHING, 'tip/email']);
  const verdicts = choice.judgedCandidates.map((j) => [j.enrollmentId, j.verdict, j.propensity > 0]);
  expect(verdicts).toEqual([
    ['enr_2', 'outranked', false],
    ['enr_1', 'chosen', true],
    ['enr_3', 'outranked', false],
  ]);
});

test('deliver all: an action is one arm, its first allowed channel; its other channels stay allowed', () => {
  const gift = offer('gift', { channels: ['sms', 'email', 'inbox'] });
  const model = learned(shop(), { rewards: { 'gift/email': often, [BASELINE]: never } });
  const { arbitration: arbitrated, judgedCandidates: judged } = createChooser(model)(
    of('enr_1', gift, { deliver: 'all' }),
    at(),
  );
  expect(arbitrated?.arms).toEqual([NOTHING, 'gift/email']);
  expect(judged.map((j) => [j.channel, j.verdict])).toEqual([
    ['sms', 'blocked'],
    ['email', 'chosen'],
    ['inbox', 'allowed'],
  ]);
});

test('the weights of boosts multiply; a boost that fails weighs 1 and is recorded', () => {
  const boost = [
    { when: 'scores.intent > 0.5', weight: 2 },
    { when: 'scores.intent > 0.7', weight: 1.5 },
    { when: 'scores.intent > 0.9', weight: 3 },
    { when: 'scores.nothing > 0.5', weight: 4 },
  ];
  const model = learned(shop(), { rewards: { 'a/email': often } });
  const choice = createChooser(model)(of('enr_1', offer('a', { boost })), at({ scores: { intent: 0.8 } }));
  expect(choice.judgedCandidates[0]?.scoreParts?.context).toBe(3);
  expect(choice.arbitration?.exclusions).toEqual([
    { code: 'boost_failed', subject: expect.stringContaining('a: scores.nothing > 0.5: ') },
  ]);
});

test('B-2: each contact of the last week adds fatigue, also a call by a person; a planned contact does not', () => {
  const bundle = shop({ arbitration: { mode: 'uplift', off: [], fatigue: 30, explore: 0 } });
  const sent = (hours: number) =>
    delivery({ id: `d${hours}`, at: NOW - hours * HOUR, class: 'service', purpose: 'service' });
  const call = {
    id: 't',
    enrollmentId: 'e',
    action: 'call',
    class: 'service' as const,
    key: null,
    state: 'open' as const,
    queue: 'q',
    level: 0,
    at: NOW - HOUR,
    acknowledgeBy: NOW,
    resolveBy: NOW,
    outcome: null,
  };
  const customerFacts = facts({ deliveries: [sent(1), sent(100), sent(200), sent(-5)], tasks: [call] });
  const model = learned(bundle, { rewards: { 'a/email': often } });
  const { judgedCandidates: judged } = createChooser(model)(
    of('enr_1', offer('a')),
    at({ bundle, facts: customerFacts }),
  );
  expect(judged[0]?.scoreParts?.fatigue).toBe(3 * 30);
});

test('switched-off factors have no effect; under pcvl the baseline is not subtracted', () => {
  const model = learned(shop(), { rewards: { 'a/email': often, [BASELINE]: often } });
  const weighed = (arbitration: { mode?: 'uplift' | 'pcvl'; off?: ('lever' | 'cost' | 'value')[] }) =>
    createChooser(model)(
      of('enr_1', offer('a', { lever: 1.5, cost: '3.0' })),
      at({
        bundle: shop({ arbitration: { mode: 'uplift', off: [], fatigue: 0, explore: 0, ...arbitration } }),
      }),
    ).judgedCandidates[0]?.scoreParts;
  expect(weighed({})).toMatchObject({ lever: 1.5, cost: 300, value: 2_000 });
  expect(weighed({})?.baseline).toBeGreaterThan(0.5);
  expect(weighed({ mode: 'pcvl' })?.baseline).toBe(0);
  expect(weighed({ off: ['lever', 'cost', 'value'] })).toMatchObject({ lever: 1, cost: 0, value: 1 });
});

test('where amounts are learned the amount is the value; before that the stated value is', () => {
  const definition = offer('a', { reward: { ...REWARD, amount: 'event.properties.total' } });
  const baseline = baselineArmId(definition.reward);
  const rewards = { 'a/email': new Array(50).fill(4_000), [baseline]: new Array(50).fill(1_000) };
  const model = learned(shop(), { rewards }, Object.keys(rewards));
  const { judgedCandidates: judged } = createChooser(model)(of('enr_1', definition), at());
  expect(judged[0]?.scoreParts?.value).toBe(1);
  expect(judged[0]?.score).toBeGreaterThan(20);
  expect(judged[0]?.score).toBeLessThan(40);
  const pool = [...of('enr_1', definition), ...of('enr_2', offer('b'))];
  const fresh = createChooser(learned(shop(), { rewards: { 'b/email': often } }))(pool, at());
  expect(fresh.judgedCandidates[0]?.scoreParts).toMatchObject({ value: 2_000, hasEvidence: false });
});

test('until the model has learned of an arm rules decide, and their choices are learned from', () => {
  const pool = [...of('enr_1', offer('a')), ...of('enr_2', offer('b', { priority: 1 }))];
  const empty = { 'a/email': [], 'b/email': [], [BASELINE]: often };
  const choice = createChooser(learned(shop(), { rewards: empty }))(pool, at());
  expect(choice.arbitration).toMatchObject({
    policy: 'rules',
    modelVersion: null,
    chosen: 'b/email',
    exclusions: [],
  });
  expect(choice.arbitration?.rewards).toMatchObject([{ arm: 'b/email' }]);
  const taught = createChooser(learned(shop(), { rewards: { ...empty, 'b/email': [1] } }))(pool, at());
  expect(taught.arbitration).toMatchObject({ policy: 'thompson', modelVersion: 1 });
});

test('the baseline of a click in our own message is 0, since it needs the message; that of an order is not', () => {
  const weighed = (on: string) => {
    const definition = offer('a', { reward: { ...REWARD, on } });
    const rewards = { 'a/email': often, [baselineArmId(definition.reward)]: often };
    return createChooser(learned(shop(), { rewards }))(of('enr_1', definition), at()).judgedCandidates[0]
      ?.scoreParts;
  };
  expect(weighed('Delivery Clicked')?.baseline).toBe(0);
  expect(weighed('Order Completed')?.baseline).toBeGreaterThan(0);
});

test('a model of other features is not used: rules decide, and the record says so', () => {
  const other = shop({ stages: [] });
  const model = learned(other, { rewards: { 'b/email': often, 'a/email': never } });
  const pool = [...of('enr_1', offer('a', { priority: 1 })), ...of('enr_2', offer('b'))];
  const choice = createChooser(model)(pool, at());
  expect(choice.chosen.map((c) => c.action.id)).toEqual(['a']);
  expect(choice.arbitration).toMatchObject({
    policy: 'rules',
    modelVersion: null,
    propensity: 1,
    exclusions: [{ code: 'other_shape', subject: 'model 1' }],
  });
  expect(choice.arbitration?.featureSchema).toBe(getFeatureSchema(shop()).fingerprint);
});

test('a NaN score and an infinite value are left out and recorded, and the other arms are decided', () => {
  const model = learned(shop(), { rewards: { 'a/email': often, [BASELINE]: never } });
  const huge = offer('huge', { value: '1.0e308' });
  const pool = [...of('enr_1', offer('a')), ...of('enr_2', huge)];
  const decision = at({ scores: { recency: Number.NaN, intent: Number.POSITIVE_INFINITY } });
  const { arbitration: arbitrated, chosen, judgedCandidates: judged } = createChooser(model)(pool, decision);
  expect(arbitrated?.exclusions).toEqual([
    { code: 'not_finite', subject: 'recency' },
    { code: 'not_finite', subject: 'intent' },
    { code: 'not_finite', subject: 'huge/email' },
  ]);
  expect(arbitrated?.features.every(Number.isFinite)).toBe(true);
  expect(chosen.map((c) => c.action.id)).toEqual(['a']);
  expect(judged[1]).toMatchObject({ verdict: 'outranked', propensity: 0 });
  const otherModel = learned(shop(), { rewards: { 'huge/email': often } });
  const alone = createChooser(otherModel)(of('enr_2', huge), decision);
  expect([alone.arbitration?.chosen, alone.endedByDoingNothing]).toEqual([NOTHING, ['enr_2']]);
});

const column = (decision: DecisionRequest, name: string) => {
  const { features } = getFeatureSchema(decision.bundle);
  let place = 1;
  for (const feature of features) {
    if (feature.name === name) break;
    place += feature.kind === 'cycle' ? 2 : 1;
  }
  return computeFeatures(decision).features[place];
};
const lastOf = (decision: DecisionRequest) => computeFeatures(decision).features.at(-1);

test('C-2, D-2: without consent to profiling, or at level 0, the features hold no score and no stage', () => {
  const withdrawn: Facts['consents'][number] = {
    purpose: 'profiling',
    channel: '*',
    topic: '*',
    status: 'withdrawn',
    source: 'web',
    at: NOW - HOUR,
    seq: 2,
  };
  const scores = { intent: 1 };
  const usual = at({ scores, stage: 'known' });
  expect([
    column(usual, 'intent'),
    column(usual, 'stage.known'),
    column(usual, 'stage.new'),
    lastOf(usual),
  ]).toEqual([2, 1, 0, 0]);
  const customerFacts = facts();
  const reserved = facts();
  reserved.profile.personalisation = { level: 0, at: NOW };
  for (const restricted of [
    { ...customerFacts, consents: [...customerFacts.consents, withdrawn] },
    reserved,
    { ...customerFacts, personalisation: 0 },
  ]) {
    const decision = at({ scores, stage: 'known', facts: restricted });
    expect([column(decision, 'intent'), column(decision, 'stage.known'), lastOf(decision)]).toEqual([
      0, 0, 1,
    ]);
    // What is nobody's stays.
    expect(column(decision, 'tenure')).toBe(column(usual, 'tenure'));
  }
  const granted = { ...withdrawn, status: 'granted' as const, at: NOW, seq: 3 };
  expect(
    lastOf(
      at({ scores, facts: { ...customerFacts, consents: [...customerFacts.consents, withdrawn, granted] } }),
    ),
  ).toBe(0);
});

test('contacts, hours, tickets, incidents and tenure are features of every customer', () => {
  const sent = delivery({ id: 'd', at: NOW - 10 * HOUR, purpose: 'service', class: 'service' });
  const busy = at({ facts: facts({ deliveries: [sent] }) });
  expect(column(busy, 'contacts7')).toBeGreaterThan(column(at(), 'contacts7') as number);
  expect(column(busy, 'contacts30')).toBeGreaterThan(column(at(), 'contacts30') as number);
  expect(column(busy, 'hoursSinceContact')).toBeLessThan(column(at(), 'hoursSinceContact') as number);
  const elsewhere = at({ facts: facts({ tickets: [] }), openTickets: [ticket()] });
  expect([column(at(), 'openTicket'), column(elsewhere, 'openTicket')]).toEqual([0, 1]);
  const failed = facts();
  failed.profile.payments.push({
    orderId: 'o',
    status: 'failed',
    code: null,
    total: 1,
    currency: 'EUR',
    at: NOW - DAY,
  });
  expect([column(at(), 'openIncident'), column(at({ facts: failed }), 'openIncident')]).toEqual([0, 1]);
  expect(column(at({ facts: facts({ knownSince: NOW }) }), 'tenure')).toBeLessThan(
    column(at(), 'tenure') as number,
  );
  // Monday noon in UTC.
  expect(column(at(), 'hour')).toBeCloseTo(-1, 12);
});
