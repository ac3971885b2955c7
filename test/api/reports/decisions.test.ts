import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveOpenRewards } from '../../../db/learning/open-rewards.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../../src/domain/candidate.ts';
import { computeCalibration } from '../../../src/learning/evaluation/calibration.ts';
import { countDropOff } from '../../statistics/experiments/drop-off.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed, wipe } from '../support/report-rows.ts';

const AT = Date.UTC(2026, 2, 5);
const URL = '/v1/reports/decisions?from=2026-03-01&to=2026-04-01';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const GATES = ['consent', 'caps', 'spacing'];
const CODES = ['missing', 'cap_reached', 'too_soon'];

const anyGate = fc.oneof(
  fc.record({ gate: fc.constantFrom(...GATES), pass: fc.constant(true) }),
  fc.record({ gate: fc.constantFrom(...GATES), pass: fc.constant(false), code: fc.constantFrom(...CODES) }),
  fc.record({ gate: fc.constantFrom(...GATES), pass: fc.constant(false) }),
  fc.record({
    gate: fc.constant('caps'),
    rule: fc.constantFrom('caps[0]', 'caps[1]'),
    pass: fc.constant(false),
  }),
);

const anyCandidate: fc.Arbitrary<JudgedCandidate> = fc
  .record({
    enrollmentId: fc.constantFrom('enr_tips', 'enr_gone', 'realtime'),
    action: fc.constantFrom('tip', 'offer', '__proto__'),
    gates: fc.array(anyGate, { maxLength: 4 }),
    free: fc.constantFrom('chosen' as const, 'outranked' as const, 'allowed' as const),
  })
  .map(({ free, ...item }) => {
    const verdict = item.gates.some((gate) => !gate.pass) ? ('blocked' as const) : free;
    return { ...item, verdict, class: 'marketing' as const, channel: 'email', score: 0, propensity: 0 };
  });

const anyDecision = fc.record({
  customer: fc.integer({ min: 0, max: 4 }),
  outcome: fc.constantFrom('acted', 'held', 'nothing'),
  candidates: fc.array(anyCandidate, { maxLength: 5 }),
});

test('C-11: drop-off per rule, action and stage equals a count over the rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyDecision, { maxLength: 25 }), async (decisions) => {
      await wipe(api.db);
      await seed(api.db, WORKSPACE, {
        enrollments: [
          { id: 'enr_tips', customer_id: 'cus_1', journey: 'tips', arm: 'treated', entered_at: AT },
          { id: 'enr_gone', customer_id: 'cus_1', journey: 'no-more', arm: 'treated', entered_at: AT },
        ],
        decisions: decisions.map(({ customer, outcome, candidates }, n) => ({
          id: `dec_${n}`,
          customer_id: `cus_${customer}`,
          at: AT + n,
          outcome,
          candidates,
        })),
      });
      const { body, status } = await api.get(URL);
      expect(status).toBe(200);
      const all = decisions.flatMap((item) => item.candidates);
      const stage = (id: string) => (id === 'enr_tips' ? 'adoption' : null);
      const expected = countDropOff(
        all.map((item) => ({ ...item, stage: stage(item.enrollmentId) })),
        [],
        0,
      );
      const sorted = (rules: Rule[]) => [...rules].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      expect(
        sorted(body.rules.map(({ withoutAction: _, ...rule }: Rule & { withoutAction: object }) => rule)),
      ).toEqual(sorted(expected.rules));
      expect(body.actions).toEqual(expected.actions);
      expect(body.stages).toEqual(
        expected.stages.map(({ ended: _, reasons: __, goal: ___, ...stageFates }) => stageFates),
      );
      for (const rule of body.rules) {
        const hit = decisions.filter(
          ({ candidates }) =>
            !candidates.some((item) => item.verdict === 'chosen') &&
            candidates.some((item) => blocks(item, rule)),
        );
        const alone = hit.filter(({ candidates }) =>
          candidates.some((item) => blocks(item, rule) && rulesOf(item).size === 1),
        );
        expect(rule.withoutAction).toEqual({
          decisions: hit.length,
          customers: new Set(hit.map((item) => item.customer)).size,
          alone: alone.length,
        });
      }
      for (const { outcome, decisions: n } of body.outcomes)
        expect(n).toBe(decisions.filter((item) => item.outcome === outcome).length);
      const days = decisions.length === 0 ? [] : [body.days[0]];
      expect(body.days).toEqual(days);
      for (const { reasons, day, ...counts } of days) {
        expect(day).toBe('2026-03-05');
        expect(counts).toEqual({ decisions: decisions.length, ...countVerdicts(all) });
        for (const { gate, code, blocked, alone } of reasons) {
          const isIt = (verdict: { gate: string; pass: boolean; code?: string }) =>
            !verdict.pass && verdict.gate === gate && (verdict.code ?? 'blocked') === code;
          const hit = all.filter(({ gates }) => gates.some(isIt));
          expect(blocked).toBe(hit.length);
          expect(alone).toBe(hit.filter(({ gates }) => gates.every((g) => g.pass || isIt(g))).length);
        }
      }
      expect(body.decisions).toEqual({ total: decisions.length, examined: decisions.length, sampled: false });
    }),
    { numRuns: 30 },
  );
}, 120_000);

function countVerdicts(candidates: readonly JudgedCandidate[]) {
  const count = (verdict: string) => candidates.filter((item) => item.verdict === verdict).length;
  const [chosen, outranked, allowed, blocked] = ['chosen', 'outranked', 'allowed', 'blocked'].map(count);
  return { judged: candidates.length, chosen, outranked, allowed, blocked };
}

interface Rule {
  gate: string;
  code: string;
  rule: string | null;
}

function nameOf({ gate, code, rule }: Rule): string {
  return `${gate}/${code}/${rule}`;
}

function rulesOf({ gates }: JudgedCandidate): Set<string> {
  const blocking = gates.filter((gate) => !gate.pass);
  return new Set(blocking.map(({ gate, code = 'blocked', rule = null }) => nameOf({ gate, code, rule })));
}

function blocks(item: JudgedCandidate, rule: Rule): boolean {
  return rulesOf(item).has(nameOf(rule));
}

function arbitrated(changes: Partial<ArbitrationRecord>): ArbitrationRecord {
  return {
    policy: 'thompson',
    autonomy: 'ai_auto',
    modelVersion: 3,
    featureSchema: 's',
    features: [1],
    arms: ['∅', 'tip/email'],
    distribution: [0.4, 0.6],
    scores: [0, 1],
    chosen: 'tip/email',
    propensity: 0.6,
    rewards: [],
    exclusions: [],
    ...changes,
  };
}

test('C-11, D-15: policies, propensities and the calibration equal a count over the rows', async () => {
  await wipe(api.db);
  const predictions = Array.from({ length: 200 }, (_, n) => ({
    predicted: ((n * 37) % 100) / 100,
    occurred: (n * 13) % 7 < 2,
  }));
  const scoreParts = {
    baseline: 0,
    value: 1,
    context: 1,
    lever: 1,
    cost: 0,
    fatigue: 0,
    evidence: 1,
    hasEvidence: true,
  };
  const candidatesOf = (predicted: number) =>
    [
      {
        enrollmentId: 'enr_1',
        action: 'tip',
        class: 'marketing',
        channel: 'email',
        verdict: 'chosen',
        score: 0,
        propensity: 0.6,
        gates: [],
        scoreParts: { ...scoreParts, expected: predicted },
      },
      {
        enrollmentId: 'enr_1',
        action: 'tip',
        channel: 'sms',
        verdict: 'outranked',
        gates: [],
        scoreParts: { expected: 9 },
      },
    ] as JudgedCandidate[];
  await seed(api.db, WORKSPACE, {
    decisions: [
      ...predictions.map(({ predicted }, n) => ({
        id: `dec_${n}`,
        customer_id: `cus_${n}`,
        at: AT + n,
        candidates: candidatesOf(predicted),
        arbitrations: [arbitrated({})],
      })),
      ...Array.from({ length: 100 }, (_, n) => ({
        id: `dec_r${n}`,
        customer_id: 'cus_r',
        at: AT,
        arbitrations: [
          arbitrated({
            policy: 'rules',
            autonomy: 'rules_only',
            modelVersion: null,
            propensity: 1,
            exclusions: [{ code: 'a', subject: 'b' }],
          }),
          arbitrated({ chosen: '∅', propensity: 0.4 }),
        ],
      })),
      { id: 'dec_late', customer_id: 'cus_r', at: Date.UTC(2026, 3, 1), arbitrations: [arbitrated({})] },
    ],
  });
  const awaited = {
    arm: 'tip/email',
    action: 'tip',
    channel: 'email',
    enrollmentId: 'enr_1',
    key: null,
    within: 1,
  };
  for (const [n, { predicted }] of predictions.entries()) {
    const decision = {
      id: `dec_${n}`,
      workspace: WORKSPACE,
      customerId: `cus_${n}`,
      bundleVersion: 1,
      at: AT + n,
    };
    const candidates = candidatesOf(predicted);
    await saveOpenRewards(api.db.sql, { ...decision, candidates }, [arbitrated({ rewards: [awaited] })]);
  }
  await api.db.sql`
    update rewards set state = 'counted',
      reward = case when (split_part(decision_id, '_', 2)::int * 13) % 7 < 2 then 1 else 0 end
    where decision_id <> 'dec_0'`;
  const { body } = await api.get(URL);
  // The newest first: floating-point sums depend on the order.
  const expected = computeCalibration(predictions.slice(1).reverse());
  expect(body.calibration).toEqual({ truncated: false, probabilities: expected, amounts: null });
  expect(body.calibration.probabilities.bins.length).toBeGreaterThan(5);
  expect(body.policies).toMatchObject([
    {
      policy: 'rules',
      model: null,
      decisions: 100,
      share: 0.25,
      doNothing: 0,
      meanPropensity: 1,
      withExclusions: 100,
    },
    {
      policy: 'thompson',
      model: 3,
      decisions: 300,
      share: 0.75,
      doNothing: 100,
      leastPropensity: 0.4,
      withExclusions: 0,
    },
  ]);
  expect(body.policies[1].meanPropensity).toBeCloseTo((200 * 0.6 + 100 * 0.4) / 300, 12);
});
