import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { computeBelief, computeExpectation } from '../../../src/learning/model/belief.ts';
import { computeDelta, type Delta, foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { checkSnapshot, createFlatPrior, type Snapshot } from '../../../src/learning/model/snapshot.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { delta, SHAPE, SIZE, snapshot } from './support.ts';

const X = [1, 0, 0];
const expected = (from: Snapshot, arm = 'a') => {
  const served = serveSnapshot(from).arms.get(arm) as NonNullable<
    ReturnType<ReturnType<typeof serveSnapshot>['arms']['get']>
  >;
  return computeExpectation(served, computeBelief(served, X));
};

/** Folds ten rewards a day; `rate` gives the probability of a reward by day. Returns the snapshot of each day. */
function simulateDays(
  days: number,
  rate: (day: number) => number,
  seed = 'luck',
  start = snapshot(['a']),
): Snapshot[] {
  const { uniform } = createStream(seed);
  const all: Snapshot[] = [];
  let now = start;
  for (let day = 0; day < days; day++) {
    const model = serveSnapshot(now);
    const deltas = Array.from({ length: 10 }, (_, n) => {
      const reward = uniform() < rate(day) ? 1 : 0;
      const decisionId = `${String(day).padStart(5, '0')} ${n}`;
      return computeDelta(
        { decisionId, arm: 'a', featureSchema: SHAPE, at: day * DAY, features: X, reward },
        model,
      ) as Delta;
    });
    now = foldDeltas(now, deltas, day * DAY).snapshot;
    all.push(now);
  }
  return all;
}

test('E-8: a half-life after a drift the estimate has moved 80 % of the way, where forgetting alone would be half-way', () => {
  const simulations = ['1', '2', '3', '4'].map((seed) =>
    simulateDays(120, (day) => (day < 90 ? 0.5 : 0.05), seed),
  );
  const mean = (day: number) =>
    simulations.reduce((sum, days) => sum + expected(days[day] as Snapshot), 0) / 4;
  expect(mean(89)).toBeGreaterThan(0.4);
  expect(mean(119)).toBeLessThan(0.05 + 0.2 * (mean(89) - 0.05));
});

test('without a drift an arm never restarts: its weight grows with every day', () => {
  for (const seed of ['1', '2', '3', '4', '5', '6']) {
    const weights = simulateDays(150, () => 0.2, seed).map(
      (snapshotOfDay) => snapshotOfDay.arms[0]?.weight as number,
    );
    weights.slice(1).forEach((weight, day) => {
      expect(weight).toBeGreaterThan(weights[day] as number);
    });
  }
});

test('a drift of one arm leaves the other arm unchanged', () => {
  const both = simulateDays(90, () => 0.5, 'luck', snapshot(['a', 'b']));
  const before = both.at(-1) as Snapshot;
  const taughtB = foldDeltas(
    before,
    Array.from({ length: 50 }, (_, n) =>
      delta(before, { arm: 'b', decisionId: `b${n}`, at: 89 * DAY, features: X, reward: n % 2 }),
    ),
    89 * DAY,
  ).snapshot;
  const after = simulateDays(30, (day) => (day < 0 ? 0.5 : 0.02), 'later', taughtB).at(-1) as Snapshot;
  expect(after.arms.find((arm) => arm.id === 'b')?.observed).toBe(50);
  expect(expected(after, 'b')).toBeCloseTo(expected(taughtB, 'b'), 1);
});

test('I7: deltas folded in parts or at once restart an arm at the same reward', () => {
  const [old] = simulateDays(60, () => 0.6).slice(-1) as [Snapshot];
  const model = serveSnapshot(old);
  const deltas = Array.from({ length: 60 }, (_, n) => {
    const seen = {
      decisionId: `z${String(n).padStart(3, '0')}`,
      arm: 'a',
      featureSchema: SHAPE,
      at: 61 * DAY + n,
      features: X,
    };
    return computeDelta({ ...seen, reward: 0 }, model) as Delta;
  });
  // Each delta says that the shorter memory predicted better.
  const withGain = deltas.map((one) => ({
    ...one,
    recent: { ...(one.recent as NonNullable<Delta['recent']>), gain: 0.4 },
  }));
  const now = 62 * DAY;
  const once = foldDeltas(old, withGain, now).snapshot;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (cut) => {
      const first = foldDeltas(old, withGain.slice(0, cut), now).snapshot;
      const {
        version: _,
        hash: __,
        ...twice
      } = foldDeltas(first, withGain.slice(cut).reverse(), now).snapshot;
      const { version: ___, hash: ____, ...whole } = once;
      expect(twice).toEqual(whole);
    }),
    { numRuns: 20 },
  );
  expect(once.arms[0]?.weight).toBeLessThan(0.9 * (old.arms[0]?.weight as number));
});

test('bad input: a single extreme reward causes no restart, and an impossible gain is refused', () => {
  const likelihood = { kind: 'money' as const, variance: 100 };
  const prior = createFlatPrior(SIZE, 20, 400);
  let current = addArms(snapshot([]), [{ id: 'm', group: null, likelihood, prior }]);
  for (let n = 0; n < 100; n++)
    current = foldDeltas(
      current,
      [delta(current, { arm: 'm', decisionId: `d${n}`, at: n * DAY, features: X, reward: 20 })],
      n * DAY,
    ).snapshot;
  const huge = delta(current, { arm: 'm', decisionId: 'huge', at: 100 * DAY, features: X, reward: 1e9 });
  expect(Math.abs(huge.recent?.gain as number)).toBeLessThanOrEqual(1);
  const after = foldDeltas(current, [huge], 100 * DAY).snapshot;
  expect(after.arms[0]?.weight).toBeGreaterThan(current.arms[0]?.weight as number);
  const { snapshot: same, refusals } = foldDeltas(
    current,
    [9, Number.NaN].map((gain, n) => ({ ...huge, decisionId: `g${n}`, recent: { h: 0.01, c: 0.2, gain } })),
    100 * DAY,
  );
  expect(refusals.map((one) => one.code)).toEqual(['out_of_range', 'not_finite']);
  expect(same.arms).toEqual(current.arms);
});

test('a delta without a `recent` part counts equally for both memories; a snapshot without it is refused', () => {
  const before = snapshot(['a']);
  const { recent: _, ...plain } = delta(before, { at: 0 });
  const { snapshot: after, refusals } = foldDeltas(before, [plain], 0);
  expect(refusals).toEqual([]);
  expect(after.arms[0]?.recent.precision).toEqual(after.arms[0]?.precision);
  const arms = after.arms.map(({ recent, ...arm }) => arm) as Snapshot['arms'];
  expect(checkSnapshot({ ...after, arms }, SHAPE)?.code).toBe('other_size');
});
