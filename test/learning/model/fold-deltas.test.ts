import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { computeBelief, computeExpectation } from '../../../src/learning/model/belief.ts';
import { computeDelta, foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { computeEvidence } from '../../../src/learning/model/forgetting.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { type ServedArm, serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { checkSnapshot, createBinaryPrior, createFlatPrior } from '../../../src/learning/model/snapshot.ts';
import { delta, observation, SHAPE, SIZE, snapshot } from './support.ts';

const anyObservation = fc.record({
  decisionId: fc.uuid(),
  arm: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: 0, max: 50 * DAY }),
  features: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: SIZE, maxLength: SIZE }),
  reward: fc.constantFrom(0, 1),
});
const armOf = (from: ReturnType<typeof snapshot>, id = 'a') => serveSnapshot(from).arms.get(id) as ServedArm;

test('I7: deltas folded in any order give the same snapshot, bit by bit', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyObservation, { selector: (o) => o.decisionId, maxLength: 15 }),
      (observations) => {
        const before = snapshot(['a', 'b']);
        const deltas = observations.map((each) => delta(before, each));
        const folded = foldDeltas(before, deltas, 60 * DAY);
        expect(foldDeltas(before, [...deltas].reverse(), 60 * DAY)).toEqual(folded);
        expect(folded.refusals).toEqual([]);
        expect(checkSnapshot(JSON.parse(JSON.stringify(folded.snapshot)), SHAPE)).toBeNull();
      },
    ),
    { numRuns: 200 },
  );
});

test('folding deltas in two parts gives the same sums as folding them at once, except for rounding', () => {
  const before = snapshot(['a']);
  const deltas = [0, 1, 1, 0].map((reward, n) => delta(before, { decisionId: `d${n}`, at: n * DAY, reward }));
  const once = foldDeltas(before, deltas, 9 * DAY).snapshot;
  const half = foldDeltas(before, deltas.slice(0, 2), 9 * DAY).snapshot;
  const twice = foldDeltas(half, deltas.slice(2), 9 * DAY).snapshot;
  once.arms[0]?.precision.forEach((value, i) => {
    expect(twice.arms[0]?.precision[i]).toBeCloseTo(value, 12);
  });
});

test('bad input: each invalid delta is refused with its own code and leaves the model unchanged', () => {
  const before = snapshot(['a']);
  const good = delta(before);
  const bad = [
    { ...good, decisionId: 'dec_2', arm: 'gone' },
    { ...good, decisionId: 'dec_3', arm: '__proto__' },
    { ...good, decisionId: 'dec_4', featureSchema: 'other' },
    { ...good, decisionId: 'dec_5', features: [1, 2] },
    { ...good, decisionId: 'dec_6', features: [1, Number.NaN, 0] },
    { ...good, decisionId: 'dec_7', features: [1, 1e9, 0] },
    { ...good, decisionId: 'dec_8', h: Number.POSITIVE_INFINITY },
    { ...good, decisionId: 'dec_9', c: 40 },
    { ...good, decisionId: 'dec_a', h: 0.3 },
    { ...good, decisionId: 'dec_b', at: 3 * DAY },
    good,
  ];
  const { snapshot: after, refusals } = foldDeltas(before, [good, ...bad], 2 * DAY);
  expect(after).toEqual(foldDeltas(before, [good], 2 * DAY).snapshot);
  expect(refusals).toEqual([
    { code: 'twice', subject: 'dec_1' },
    { code: 'unknown_arm', subject: 'dec_2' },
    { code: 'unknown_arm', subject: 'dec_3' },
    { code: 'other_shape', subject: 'dec_4' },
    { code: 'other_size', subject: 'dec_5' },
    { code: 'not_finite', subject: 'dec_6' },
    { code: 'out_of_range', subject: 'dec_7' },
    { code: 'not_finite', subject: 'dec_8' },
    { code: 'out_of_range', subject: 'dec_9' },
    { code: 'out_of_range', subject: 'dec_a' },
    { code: 'from_future', subject: 'dec_b' },
  ]);
});

test('bad input: computeDelta refuses an observation of an unknown arm, another feature schema or invalid numbers', () => {
  const model = serveSnapshot(snapshot(['a']));
  const code = (changes: Parameters<typeof observation>[0]) => computeDelta(observation(changes), model);
  expect(code({ arm: 'gone' })).toEqual({ code: 'unknown_arm', subject: 'dec_1' });
  expect(code({ featureSchema: 'other' })).toEqual({ code: 'other_shape', subject: 'dec_1' });
  expect(code({ features: [1, Number.NaN, 0] })).toEqual({ code: 'not_finite', subject: 'dec_1' });
  expect(code({ reward: Number.NaN })).toEqual({ code: 'not_finite', subject: 'dec_1' });
  expect(code({ reward: 2 })).toEqual({ code: 'out_of_range', subject: 'dec_1' });
});

test('checkSnapshot refuses another feature schema, another size or a changed number', () => {
  const { snapshot: snapshotAfter } = foldDeltas(snapshot(['a']), [delta(snapshot(['a']))], 2 * DAY);
  expect(checkSnapshot(snapshotAfter, SHAPE)).toBeNull();
  expect(checkSnapshot(snapshotAfter, 'other')?.code).toBe('other_shape');
  expect(checkSnapshot({ ...snapshotAfter, size: 4 }, SHAPE)?.code).toBe('other_size');
  expect(checkSnapshot({ ...snapshotAfter, landmark: snapshotAfter.landmark + 1 }, SHAPE)?.code).toBe(
    'other_hash',
  );
});

test('forgetting: an observation counts half after a half-life, and moving the landmark loses no precision', () => {
  const before = snapshot(['a'], { halfLife: DAY, floor: 0 });
  const seen = foldDeltas(before, [delta(before, { at: DAY })], DAY).snapshot;
  const evidence = (at: number) => {
    const { snapshot: later } = foldDeltas(seen, [], at);
    return computeEvidence(later.arms[0] as (typeof later.arms)[number], later);
  };
  expect(evidence(DAY)).toBe(1);
  expect(evidence(2 * DAY)).toBe(0.5);
  expect(evidence(11 * DAY)).toBe(1 / 1024);
  expect(evidence(51 * DAY)).toBe(2 ** -50);
  expect(evidence(5001 * DAY)).toBe(0);
});

test('forgetting: an arm that is rarely observed keeps the evidence floor, and never more than it had', () => {
  const before = snapshot(['a'], { halfLife: DAY, floor: 2 });
  const once = foldDeltas(before, [delta(before, { at: 0 })], DAY).snapshot;
  const many = Array.from({ length: 8 }, (_, n) => delta(before, { at: 0, decisionId: `d${n}` }));
  const often = foldDeltas(before, many, DAY).snapshot;
  const evidence = (from: typeof once, at: number) => {
    const { snapshot: later } = foldDeltas(from, [], at);
    return computeEvidence(later.arms[0] as (typeof later.arms)[number], later);
  };
  expect([DAY, 9 * DAY, 90 * DAY].map((at) => evidence(once, at))).toEqual([1, 1, 1]);
  expect([DAY, 2 * DAY, 9 * DAY, 90 * DAY].map((at) => evidence(often, at))).toEqual([4, 2, 2, 2]);
});

test('money: the posterior equals a Gaussian regression computed by hand', () => {
  const empty = snapshot([]);
  const prior = createFlatPrior(SIZE, 100, 400);
  const start = { id: 'm', group: null, likelihood: { kind: 'money' as const, variance: 100 }, prior };
  const before = addArms(empty, [start]);
  const paid = delta(before, { arm: 'm', features: [1, 0, 0], reward: 150, at: 0 });
  const arm = armOf(foldDeltas(before, [paid], 0).snapshot, 'm');
  const belief = computeBelief(arm, [1, 0, 0]);
  expect(computeExpectation(arm, belief)).toBeCloseTo((100 / 400 + 150 / 100) / (1 / 400 + 1 / 100), 10);
  expect(belief.spread ** 2).toBeCloseTo(1 / (1 / 400 + 1 / 100), 10);
});

test('a new arm of a group starts near its members and less certain; without a group it starts at the base rate', () => {
  const starts = ['x', 'y'].map((id) => ({
    id,
    group: 'tips',
    likelihood: { kind: 'binary' as const },
    prior: createBinaryPrior(SIZE),
  }));
  let current = addArms(snapshot([]), starts);
  for (let n = 0; n < 400; n++) {
    const reward = n % 10 < 3 ? 1 : 0;
    const deltas = ['x', 'y'].map((arm) =>
      delta(current, { arm, decisionId: `${arm}${n}`, features: [1, 0, 0], reward }),
    );
    current = foldDeltas(current, deltas, DAY).snapshot;
  }
  const like = { likelihood: { kind: 'binary' as const }, prior: createBinaryPrior(SIZE) };
  const after = addArms(current, [
    { id: 'new', group: 'tips', ...like },
    { id: 'alone', group: null, ...like },
  ]);
  const expected = (id: string) =>
    computeExpectation(armOf(after, id), computeBelief(armOf(after, id), [1, 0, 0]));
  expect(expected('x')).toBeGreaterThan(0.25);
  expect(Math.abs(expected('new') - expected('x'))).toBeLessThan(0.03);
  expect(expected('alone')).toBeLessThan(0.08);
  expect(armOf(after, 'new').variance[0]).toBeGreaterThan(1.9 * (armOf(after, 'x').variance[0] as number));
  expect(addArms(after, starts)).toBe(after);
});
