import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveOpenRewards } from '../../../db/learning/open-rewards.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../../src/domain/candidate.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { computeCalibration } from '../../../src/learning/evaluation/calibration.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed } from '../support/report-rows.ts';

const URL = '/v1/actions/tip-grinder';
const COUNT = 120;

/** Predicted for decision `n`, and whether it was rewarded. */
const predictionOf = (n: number) => ({ predicted: ((n * 37) % 100) / 100, occurred: (n * 13) % 7 < 2 });

function arbitrationOf(n: number): ArbitrationRecord {
  return {
    policy: n % 10 === 0 ? 'random' : 'thompson',
    autonomy: 'ai_auto',
    modelVersion: 1,
    featureSchema: 's',
    features: [],
    arms: ['tip-grinder/email', '∅'],
    distribution: [0.6, 0.4],
    scores: [1, 0],
    chosen: 'tip-grinder/email',
    propensity: n % 10 === 0 ? 0.5 : 0.6,
    rewards: [
      {
        arm: 'tip-grinder/email',
        action: 'tip-grinder',
        channel: 'email',
        enrollmentId: 'enr_1',
        key: null,
        within: 1,
      },
    ],
    exclusions: [],
  };
}

function candidatesOf(n: number): JudgedCandidate[] {
  return [
    {
      enrollmentId: 'enr_1',
      action: 'tip-grinder',
      class: 'marketing',
      channel: 'email',
      verdict: 'chosen',
      score: 0,
      propensity: 0.6,
      gates: [],
      scoreParts: {
        expected: predictionOf(n).predicted,
        baseline: 0,
        value: 1,
        context: 1,
        lever: 1,
        cost: 0,
        fatigue: 0,
        evidence: 1,
        hasEvidence: true,
      },
    },
  ];
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const at = Date.now() - DAY;
  const decisions = Array.from({ length: COUNT }, (_, n) => ({
    id: `dec_${n}`,
    customer_id: `cus_${n}`,
    at: at + n,
    candidates: candidatesOf(n),
    arbitrations: [arbitrationOf(n)],
  }));
  await seed(api.db, WORKSPACE, { decisions });
  for (let n = 0; n < COUNT; n++)
    await saveOpenRewards(
      api.db.sql,
      {
        id: `dec_${n}`,
        workspace: WORKSPACE,
        customerId: `cus_${n}`,
        bundleVersion: 1,
        at: at + n,
        candidates: candidatesOf(n),
      },
      [arbitrationOf(n)],
    );
  await api.db.sql`
    update rewards set state = 'counted',
      reward = case when (split_part(decision_id, '_', 2)::int * 13) % 7 < 2 then 1 else 0 end
    where decision_id <> 'dec_0'`;
}, 60_000);
afterAll(() => api?.stop());

test('an action shows its calibration and its share of exploration, equal to a count over the rows', async () => {
  const { status, body } = await api.get(URL);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    id: 'tip-grinder',
    class: 'marketing',
    channels: ['email'],
    priority: 30,
    lever: 1,
    reward: { on: 'Delivery Clicked', withinSeconds: (7 * DAY) / 1000, unit: 'share' },
    pauses: [],
  });
  expect(body.offeredBy.journeys).toContain('tips');
  const numbers = Array.from({ length: COUNT }, (_, n) => n);
  const { choices } = body;
  expect(choices).toMatchObject({
    chosen: COUNT,
    explored: COUNT / 10,
    leastPropensity: 0.5,
    rewards: [
      { state: 'counted', count: COUNT - 1 },
      { state: 'open', count: 1 },
    ],
  });
  expect(choices.meanPropensity).toBeCloseTo(0.6 * 0.9 + 0.5 * 0.1, 12);
  const expected = computeCalibration(numbers.slice(1).map(predictionOf).reverse());
  expect(body.calibration).toEqual({ probabilities: expected, amounts: null });
  for (const { occurred, low, high } of body.calibration.probabilities.bins) {
    expect(low).toBeLessThanOrEqual(occurred);
    expect(high).toBeGreaterThanOrEqual(occurred);
    expect(high - low).toBeGreaterThan(0);
  }
});

test('the list has names, where actions are offered, and how often they were chosen lately', async () => {
  const { body } = await api.get('/v1/actions?limit=100');
  const find = (id: string) => body.data.find((item: { id: string }) => item.id === id);
  expect(find('tip-grinder')).toMatchObject({
    name: 'Tip on grinding',
    description: null,
    mode: 'auto',
    channels: ['email'],
    recent: { chosen: COUNT, explored: COUNT / 10 },
  });
  expect(find('tip-grinder').offeredBy.journeys).toContain('tips');
  expect(find('agent-call')).toMatchObject({ mode: 'human', recent: { chosen: 0, explored: 0 } });
});

test('an action without choices has no calibration, and keeps its pauses', async () => {
  const command = { reason: 'a wrong price in it', actor: 'ada' };
  await api.post('/v1/actions/tip-milk/pause', command);
  await api.post('/v1/actions/tip-milk/resume', { reason: 'corrected', actor: 'bea' });
  const { body } = await api.get('/v1/actions/tip-milk');
  expect(body.choices).toEqual({
    chosen: 0,
    explored: 0,
    meanPropensity: null,
    leastPropensity: null,
    rewards: [],
  });
  expect(body.calibration).toEqual({ probabilities: null, amounts: null });
  expect(body.pauses).toMatchObject([
    { cause: { harm: 'by_hand', reason: command.reason, actor: 'ada' }, liftedBy: 'bea' },
  ]);
  expect((await api.get('/v1/actions/none')).status).toBe(404);
  expect((await api.get(`${URL}?from=2020-01-01`)).body.code).toBe('invalid_period');
});

test('the weights are those of the active bundle', async () => {
  const { body } = await api.get('/v1/arbitration');
  expect(body).toMatchObject({
    version: 1,
    mode: 'uplift',
    fatigue: { amount: '0.05', currency: 'EUR' },
    explore: 0,
  });
  expect(body.actions).toContainEqual({ action: 'tip-milk', class: 'marketing', priority: 20, lever: 1 });
});
