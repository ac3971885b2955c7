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

/** Clicks come to half of those who are left alone, orders of 20 to each of them. */
function taught() {
  const prior = createFlatPrior(SIZE, 5, 400);
  const money = ['m', '∅:orders'].map((id) => ({ id, group: null, likelihood: AMOUNT, prior }));
  let its = addArms(snapshot(['a', '∅:clicks']), money);
  for (let n = 0; n < 200; n++) {
    const rewards = { a: n % 4 < 3 ? 1 : 0, '∅:clicks': n % 2, m: 50, '∅:orders': 20 };
    const deltas = Object.entries(rewards).map(([arm, reward]) =>
      delta(its, { arm, decisionId: `${arm} ${n}`, features: X, reward, at: n }),
    );
    its = foldDeltas(its, deltas, n).snapshot;
  }
  return serveSnapshot(its);
}
const model = taught();

function partsOf(id: string, baseline: string) {
  const { arms, parts } = arbitrate(
    input({ model, features: X, contestants: [contestant(id, { baseline })] }),
  );
  return parts[arms.indexOf(id)];
}

test('uplift: each action is set against what doing nothing earns of its own kind of reward', () => {
  expect(partsOf('a', '∅:clicks')?.expected).toBeCloseTo(0.75, 1);
  expect(partsOf('a', '∅:clicks')?.baseline).toBeCloseTo(0.5, 1);
  expect(partsOf('m', '∅:orders')?.expected).toBeCloseTo(50, 0);
  expect(partsOf('m', '∅:orders')?.baseline).toBeCloseTo(20, 0);
  const its = [
    contestant('a', { baseline: '∅:clicks', value: 40 }),
    contestant('m', { baseline: '∅:orders' }),
  ];
  const { arms, scores, chosen } = arbitrate(input({ model, features: X, contestants: its }));
  expect(Math.abs((scores[arms.indexOf('a')] as number) - 40 * 0.25)).toBeLessThan(1.5);
  expect(scores[arms.indexOf('m')]).toBeCloseTo(30, 0);
  expect(chosen).toBe('m');
});

test('an arm or a baseline that the model does not know begins as the other did, in the same unit', () => {
  expect(partsOf('new', '∅:orders')).toMatchObject({ expected: 5, known: false, evidence: 0 });
  expect(partsOf('m', '∅:new')).toMatchObject({ withoutIt: 5, known: true });
  expect(partsOf('a', '∅:new')?.baseline).toBeLessThan(2 * BASE_RATE);
  const neither = partsOf('new', '∅:new');
  expect(neither?.expected).toBe(neither?.baseline);
  // What can't be compared isn't subtracted.
  expect(partsOf('m', '∅:clicks')?.baseline).toBe(0);
});

test('pcvl subtracts nothing, and without propensity nothing is asked of the model', () => {
  const contestants = [contestant('a', { baseline: '∅:clicks', value: 8 })];
  const scored = (changes: Partial<typeof DEFAULT_SETTINGS>) =>
    arbitrate(input({ model, features: X, contestants, settings: { ...DEFAULT_SETTINGS, ...changes } }))
      .scores[1];
  expect(scored({ mode: 'pcvl' })).toBeCloseTo(8 * 0.75, 0);
  expect(scored({ factors: { ...DEFAULT_SETTINGS.factors, propensity: false } })).toBe(8);
});

test('a world gives one arm one reward, as action and as baseline, and who else competes changes nobody’s luck', () => {
  const least = { ...DEFAULT_SETTINGS, least: 0 };
  fc.assert(
    fc.property(fc.string(), fc.double({ min: 0.001, max: 1, noNaN: true }), (seed, cost) => {
      const shares = (contestants: ReturnType<typeof contestant>[]) => {
        const { arms, distribution } = arbitrate(
          input({ model, features: X, seed, contestants, settings: least }),
        );
        return Object.fromEntries(arms.map((id, n) => [id, distribution[n]]));
      };
      // What an arm adds to itself is nothing in every world, so that it never pays its cost.
      expect(shares([contestant('a', { baseline: 'a', value: 1e6, cost })]).a).toBe(0);
      const pair = [contestant('new'), contestant('other', { cost: cost / 100 })];
      const hopeless = ['0', 'z'].map((id) => contestant(id, { baseline: '∅:orders', cost: 1e9 }));
      expect(shares([...pair, ...hopeless])).toEqual({ ...shares(pair), '0': 0, z: 0 });
    }),
    { numRuns: 50 },
  );
});
