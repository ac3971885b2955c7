import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { BASE_RATE, createFlatPrior } from '../../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../../src/learning/policy/arbitrate.ts';
import { DEFAULT_SETTINGS } from '../../../src/learning/policy/arbitration.ts';
import { contestant, delta, input, SIZE, snapshot } from '../model/support.ts';

const AMOUNT = { kind: 'money' as const, variance: 100 };
const X = [1, 0, 0];

/** A model in which, without contact, half of the customers click, and each of them orders for 20. */
function trainModel() {
  const prior = createFlatPrior(SIZE, 5, 400);
  const money = ['m', '∅:orders'].map((id) => ({ id, group: null, likelihood: AMOUNT, prior }));
  let snapshotSoFar = addArms(snapshot(['a', '∅:clicks']), money);
  for (let n = 0; n < 200; n++) {
    const rewards = { a: n % 4 < 3 ? 1 : 0, '∅:clicks': n % 2, m: 50, '∅:orders': 20 };
    const deltas = Object.entries(rewards).map(([arm, reward]) =>
      delta(snapshotSoFar, { arm, decisionId: `${arm} ${n}`, features: X, reward, at: n }),
    );
    snapshotSoFar = foldDeltas(snapshotSoFar, deltas, n).snapshot;
  }
  return serveSnapshot(snapshotSoFar);
}
const model = trainModel();

function partsOf(id: string, baseline: string) {
  const { arms, parts } = arbitrate(
    input({ model, features: X, contestants: [contestant(id, { baseline })] }),
  );
  return parts[arms.indexOf(id)];
}

test('uplift: each action is compared with what doing nothing earns of the same kind of reward', () => {
  expect(partsOf('a', '∅:clicks')?.expected).toBeCloseTo(0.75, 1);
  expect(partsOf('a', '∅:clicks')?.baseline).toBeCloseTo(0.5, 1);
  expect(partsOf('m', '∅:orders')?.expected).toBeCloseTo(50, 0);
  expect(partsOf('m', '∅:orders')?.baseline).toBeCloseTo(20, 0);
  const contestants = [
    contestant('a', { baseline: '∅:clicks', value: 40 }),
    contestant('m', { baseline: '∅:orders' }),
  ];
  const { arms, scores, chosen } = arbitrate(input({ model, features: X, contestants }));
  expect(Math.abs((scores[arms.indexOf('a')] as number) - 40 * 0.25)).toBeLessThan(1.5);
  expect(scores[arms.indexOf('m')]).toBeCloseTo(30, 0);
  expect(chosen).toBe('m');
});

test('an arm or baseline that the model does not contain starts from the prior of its counterpart, in the same unit', () => {
  expect(partsOf('new', '∅:orders')).toMatchObject({ expected: 5, hasEvidence: false, evidence: 0 });
  expect(partsOf('m', '∅:new')).toMatchObject({ baseline: 5, hasEvidence: true });
  expect(partsOf('a', '∅:new')?.baseline).toBeLessThan(2 * BASE_RATE);
  const neither = partsOf('new', '∅:new');
  expect(neither?.expected).toBe(neither?.baseline);
  // A probability and an amount can't be compared, so nothing is subtracted.
  expect(partsOf('m', '∅:clicks')?.baseline).toBe(0);
});

test('pcvl subtracts no baseline, and without propensity the score does not depend on the model', () => {
  const contestants = [contestant('a', { baseline: '∅:clicks', value: 8 })];
  const scored = (changes: Partial<typeof DEFAULT_SETTINGS>) =>
    arbitrate(input({ model, features: X, contestants, settings: { ...DEFAULT_SETTINGS, ...changes } }))
      .scores[1];
  expect(scored({ mode: 'pcvl' })).toBeCloseTo(8 * 0.75, 0);
  expect(scored({ factors: { ...DEFAULT_SETTINGS.factors, propensity: false } })).toBe(8);
});

test('an arm draws the same reward as action and as baseline, and other contestants do not change its draws', () => {
  const withoutFloor = { ...DEFAULT_SETTINGS, minPropensity: 0 };
  fc.assert(
    fc.property(fc.string(), fc.double({ min: 0.001, max: 1, noNaN: true }), (seed, cost) => {
      const shares = (contestants: ReturnType<typeof contestant>[]) => {
        const { arms, distribution } = arbitrate(
          input({ model, features: X, seed, contestants, settings: withoutFloor }),
        );
        return Object.fromEntries(arms.map((id, n) => [id, distribution[n]]));
      };
      // An arm that is its own baseline adds nothing in any sampled world, so it never pays for its cost.
      expect(shares([contestant('a', { baseline: 'a', value: 1e6, cost })]).a).toBe(0);
      const pair = [contestant('new'), contestant('other', { cost: cost / 100 })];
      const hopeless = ['0', 'z'].map((id) => contestant(id, { baseline: '∅:orders', cost: 1e9 }));
      expect(shares([...pair, ...hopeless])).toEqual({ ...shares(pair), '0': 0, z: 0 });
    }),
    { numRuns: 50 },
  );
});
