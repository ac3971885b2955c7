import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { DO_NOTHING } from '../../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../../src/learning/policy/arbitrate.ts';
import { DEFAULT_SETTINGS } from '../../../src/learning/policy/arbitration.ts';
import { drawIndex } from '../../../src/learning/policy/draw-index.ts';
import { applyExplorationFloor } from '../../../src/learning/policy/exploration-floor.ts';
import { ALL_FACTORS } from '../../../src/learning/policy/score.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { contestant, delta, input, snapshot } from '../model/support.ts';

/** A model of arms whose shares of rewards are given: a hundred decisions each, all with the same features. */
function trainModel(rates: Record<string, number>) {
  let current = snapshot(Object.keys(rates));
  for (let n = 0; n < 100; n++) {
    const deltas = Object.entries(rates).map(([arm, rate]) =>
      delta(current, {
        arm,
        decisionId: `${arm}${n}`,
        features: [1, 0, 0],
        reward: (n * 37) % 100 < 100 * rate ? 1 : 0,
      }),
    );
    current = foldDeltas(current, deltas, DAY).snapshot;
  }
  return serveSnapshot(current);
}
const settings = (changes: Partial<typeof DEFAULT_SETTINGS>) => ({ ...DEFAULT_SETTINGS, ...changes });
const trained = trainModel({ '∅:none': 0.6, a: 0.62, b: 0.3, c: 0.05 });

const anyContestants = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor'), { maxLength: 7 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            value: fc.double({ min: 0, max: 1e4, noNaN: true }),
            cost: fc.double({ min: 0, max: 100, noNaN: true }),
            context: fc.double({ min: 0, max: 9, noNaN: true }),
            priority: fc.integer({ min: 0, max: 2 }),
            order: fc.nat(9),
          })
          .map((changes) => contestant(id, changes)),
      ),
    ),
  );

test('the distribution sums to 1 and respects the floor, and the propensity is the probability of the chosen arm', () => {
  fc.assert(
    fc.property(
      anyContestants,
      fc.constantFrom('ai_auto' as const, 'ai_rank' as const, 'rules_only' as const),
      fc.constantFrom('thompson' as const, 'square_cb' as const),
      fc.string(),
      (contestants, autonomy, policy, seed) => {
        const request = input({
          model: trained,
          contestants,
          seed,
          settings: settings({ autonomy, policy }),
        });
        const { arms, distribution, chosen, propensity, scores, parts } = arbitrate(request);
        expect(distribution.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        expect(distribution[arms.indexOf(chosen)]).toBe(propensity);
        expect([scores.length, parts.length]).toEqual([arms.length, arms.length]);
        if (autonomy !== 'rules_only') expect(Math.min(...distribution)).toBeGreaterThan(0.00499);
        if (autonomy !== 'ai_auto' && contestants.length > 0) expect(arms).not.toContain(DO_NOTHING);
        expect(arbitrate({ ...request, contestants: [...contestants].reverse() })).toEqual(
          arbitrate(request),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('C-8: rules_only chooses the highest priority, then the list order, for any model, features and seed', () => {
  fc.assert(
    fc.property(anyContestants, fc.string(), fc.boolean(), (contestants, seed, broken) => {
      const x = broken ? [Number.NaN] : [1, 0, 0];
      const request = input({
        contestants,
        seed,
        features: x,
        settings: settings({ autonomy: 'rules_only' }),
      });
      const result = arbitrate(request);
      const top = Math.max(...contestants.map((c) => c.priority));
      const first = contestants.filter((c) => c.priority === top).map((c) => c.order);
      const winner = contestants.find((c) => c.id === result.chosen);
      expect(result.propensity).toBe(1);
      expect(winner ? [winner.priority, winner.order] : null).toEqual(
        contestants.length > 0 ? [top, Math.min(...first)] : null,
      );
      expect(arbitrate({ ...request, model: trained, seed: 'another', features: [1, 2, 3] })).toEqual(result);
    }),
    { numRuns: 300 },
  );
});

test('uplift does nothing for customers who buy anyway, pcvl acts, and ai_rank always acts', () => {
  const a = contestant('a', { value: 10, cost: 1 });
  const request = input({ model: trained, features: [1, 0, 0], contestants: [a] });
  const share = (changes: Partial<typeof DEFAULT_SETTINGS>, arm: string) => {
    const { arms, distribution } = arbitrate({ ...request, settings: settings(changes) });
    return distribution[arms.indexOf(arm)] ?? 0;
  };
  expect(share({ mode: 'uplift' }, DO_NOTHING)).toBeGreaterThan(0.5);
  expect(share({ mode: 'pcvl' }, 'a')).toBeGreaterThan(0.9);
  expect(share({ mode: 'uplift', autonomy: 'ai_rank' }, 'a')).toBe(1);
});

test('each factor of the score can be disabled, and the parts add up to the score', () => {
  const full = contestant('b', { value: 20, cost: 1, context: 9, lever: 0.1, fatigue: 2 });
  const score = (changes: Partial<typeof ALL_FACTORS>, mode: 'uplift' | 'pcvl' = 'pcvl') => {
    const factors = { ...ALL_FACTORS, ...changes };
    const request = settings({ mode, factors, fatigueWeight: 0.5 });
    const { arms, scores, parts } = arbitrate(
      input({ model: trained, contestants: [full], settings: request }),
    );
    const at = arms.indexOf('b');
    return { score: scores[at] as number, p: parts[at]?.expected as number, parts: parts[at] };
  };
  const { score: whole, p } = score({});
  expect(whole).toBeCloseTo(20 * p * 4 * 0.5 - 1 - 1, 12);
  expect(score({ value: false }).score).toBeCloseTo(p * 4 * 0.5 - 2, 12);
  expect(score({ context: false }).score).toBeCloseTo(20 * p * 0.5 - 2, 12);
  expect(score({ lever: false }).score).toBeCloseTo(20 * p * 4 - 2, 12);
  expect(score({ cost: false }).score).toBeCloseTo(20 * p * 2 - 1, 12);
  expect(score({ fatigue: false }).score).toBeCloseTo(20 * p * 2 - 1, 12);
  expect(score({ propensity: false }).score).toBeCloseTo(20 * 2 - 2, 12);
  const { score: uplift, parts } = score({}, 'uplift');
  expect(uplift).toBeCloseTo(40 * (p - (parts?.baseline as number)) - 2, 12);
});

test('bad input: a NaN feature makes the rules decide; a NaN amount and a duplicate arm are left out and recorded', () => {
  const broken = arbitrate(input({ features: [1, Number.NaN, 0] }));
  expect(broken).toMatchObject({
    policy: 'rules',
    refusals: [{ code: 'not_finite', subject: 'features' }],
  });
  expect(arbitrate(input({ features: [1] })).refusals).toEqual([{ code: 'other_size', subject: 'features' }]);
  expect(arbitrate(input({ model: null })).policy).toBe('rules');
  const bad = [
    contestant('a', { value: Number.NaN }),
    contestant('b'),
    contestant('b'),
    contestant(DO_NOTHING),
  ];
  const { arms, refusals } = arbitrate(input({ contestants: bad }));
  expect(arms).toEqual([DO_NOTHING, 'b']);
  expect(refusals.map(({ code, subject }) => `${code} ${subject}`).sort()).toEqual([
    'not_finite a',
    'twice b',
    `twice ${DO_NOTHING}`,
  ]);
  const unknown = arbitrate(input({ contestants: [contestant('new')] }));
  expect(unknown.parts[unknown.arms.indexOf('new')]).toMatchObject({ hasEvidence: false, evidence: 0 });
});

test('up to fifty actions are sampled (Thompson), more use SquareCB; both prefer the better action', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => contestant(`arm-${n}`));
  expect(arbitrate(input({ contestants: many(50) })).policy).toBe('thompson');
  expect(arbitrate(input({ contestants: many(51) })).policy).toBe('square_cb');
  for (const policy of ['thompson', 'square_cb'] as const) {
    const request = settings({ policy, autonomy: 'ai_rank' });
    const { arms, distribution } = arbitrate(
      input({ model: trained, features: [1, 0, 0], settings: request }),
    );
    expect(distribution[arms.indexOf('a')]).toBeGreaterThan(0.9);
  }
});

test('the exploration floor holds for any shares, and drawIndex draws in proportion to the shares', () => {
  const anyShares = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 200 })
    .filter((counts) => counts.some((n) => n > 0))
    .map((counts) => Float64Array.from(counts, (n) => n / counts.reduce((sum, other) => sum + other, 0)));
  fc.assert(
    fc.property(anyShares, (shares) => {
      const floored = applyExplorationFloor(shares);
      expect(floored.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...floored)).toBeGreaterThanOrEqual(Math.min(0.005, 0.2 / shares.length));
    }),
  );
  const { uniform } = createStream('draws');
  const counts = [0, 0, 0];
  for (let n = 0; n < 30_000; n++) {
    const at = drawIndex([0.2, 0, 0.8], uniform());
    counts[at] = (counts[at] as number) + 1;
  }
  expect(counts[1]).toBe(0);
  expect((counts[0] as number) / 30_000).toBeCloseTo(0.2, 2);
  expect(drawIndex([0.5, 0.5 - 1e-16, 0], 1 - 1e-17)).toBe(1);
});
