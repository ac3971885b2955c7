import { expect, test } from 'vitest';
import { evaluatePolicy } from '../../../src/learning/evaluation/evaluate-policy.ts';
import {
  buildLoggedRow,
  type LoggedDecision,
  type LoggedRow,
} from '../../../src/learning/evaluation/logged-decision.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { row } from './support.ts';

/** Two arms, drawn half and half; the first earns `good`, the second 0.1. The candidate draws the first nine in ten. */
function log(n: number, good: number, changes: (i: number) => Partial<LoggedRow> = () => ({})): LoggedRow[] {
  const draw = createStream(`log ${n} ${good}`);
  return Array.from({ length: n }, (_, i) => {
    const first = draw.uniform() < 0.5;
    const reward = draw.uniform() < (first ? good : 0.1) ? 1 : 0;
    return row({ customer: `c-${i}`, reward, logged: 0.5, target: first ? 0.9 : 0.1, ...changes(i) });
  });
}

test('the verdict is ship for a better candidate and hold for an equal one, and the uplift is near the true one', () => {
  const better = evaluatePolicy(log(8000, 0.3), { relevantDifference: 0.05 });
  expect([better.verdict, better.reasons]).toEqual(['ship', []]);
  // 0.9·0.3 + 0.1·0.1 is 0.28; the logged policy earned 0.2.
  expect(better.uplift?.value).toBeCloseTo(0.08, 1);
  expect(better.uplift?.low).toBeLessThan(0.08);
  expect(better.uplift?.high).toBeGreaterThan(0.08);
  expect(evaluatePolicy(log(8000, 0.1), { relevantDifference: 0.05 }).verdict).toBe('hold');
  expect(evaluatePolicy(log(8000, 0.02), { relevantDifference: 0.05 }).verdict).toBe('hold');
});

test('insufficient: too few rows, an interval wider than the relevant difference, unsupported arms', () => {
  const reasons = (rows: LoggedRow[], relevantDifference: number) => {
    const { verdict, reasons: doubts } = evaluatePolicy(rows, { relevantDifference: relevantDifference });
    expect(verdict).toBe('insufficient');
    return doubts;
  };
  expect(reasons(log(400, 0.3), 0.5)).toEqual(['few_effective_rows']);
  expect(reasons(log(8000, 0.3), 0.001)).toEqual(['wide_interval']);
  expect(reasons(log(8000, 0.3), Number.NaN)).toEqual(['wide_interval']);
  expect(
    reasons(
      log(8000, 0.3, (i) => (i === 7 ? { unsupported: 0.01 } : {})),
      0.05,
    ),
  ).toEqual(['unsupported']);
  expect(reasons([], 0.05)).toEqual(['no_rows']);
});

test('insufficient: many rows of few customers', () => {
  const { weights, verdict, reasons } = evaluatePolicy(
    log(8000, 0.3, (i) => ({ customer: `c-${i % 50}` })),
    {
      relevantDifference: 1,
    },
  );
  expect(weights?.effectiveRows).toBeGreaterThan(500);
  expect(weights?.effectiveCustomers).toBeLessThanOrEqual(50);
  expect([verdict, reasons]).toEqual(['insufficient', ['few_customers']]);
});

test('a policy that only uses arms with the logged probability 0 has no value', () => {
  const { snips, uplift, verdict, reasons } = evaluatePolicy(
    log(1000, 0.3, () => ({ target: 0, unsupported: 1 })),
    {
      relevantDifference: 0.1,
    },
  );
  expect([snips, uplift, verdict]).toEqual([null, null, 'insufficient']);
  expect(reasons).toContain('unsupported');
});

test('a mean weight away from 1 raises the alarm that the logged propensities are wrong', () => {
  const draw = createStream('lying log');
  const drawn = (first: number) =>
    Array.from({ length: 8000 }, (_, i) => {
      const one = draw.uniform() < first;
      return row({ customer: `c-${i}`, logged: 0.5, target: one ? 0.9 : 0.1, reward: 0 });
    });
  expect(evaluatePolicy(drawn(0.5), { relevantDifference: 1 }).weights?.alarm).toBe(false);
  const lying = evaluatePolicy(drawn(0.6), { relevantDifference: 1 });
  expect(lying.weights?.alarm).toBe(true);
  expect([lying.verdict, lying.reasons]).toEqual(['insufficient', ['weights_off']]);
});

test('the error of the mean weight comes from the expected squares if the rows have them', () => {
  const evaluation = evaluatePolicy(
    log(2000, 0.3, () => ({ weightSquare: 0.9 ** 2 / 0.5 + 0.1 ** 2 / 0.5 })),
    { relevantDifference: 1 },
  );
  expect(evaluation.weights?.meanError).toBeCloseTo(Math.sqrt(0.64 / 2000), 12);
  expect(evaluation.weights?.expectedRows).toBeCloseTo(2000 / 1.64, 9);
  const half = evaluatePolicy(
    log(2000, 0.3, () => ({ target: 0.25, unsupported: 0.5, weightSquare: 0.5 })),
    { relevantDifference: 1 },
  );
  // Half of the candidate's choices can't be seen: the mean weight is rightly a half.
  expect(half.weights).toMatchObject({ mean: 0.5, meanError: 0.5 / Math.sqrt(2000), alarm: false });
});

test('evaluating the logged policy itself gives its value, and rounding raises no alarm', () => {
  const same = evaluatePolicy(
    log(60_000, 0.3).map((one) => ({ ...one, logged: one.target * 1.0001 })),
    { relevantDifference: 0.1 },
  );
  expect(same.snips?.value).toBeCloseTo(same.logged?.value as number, 9);
  expect(same.weights?.alarm).toBe(false);
  expect(same.verdict).toBe('hold');
});

test('segments are evaluated separately: one is sufficient, the other is not', () => {
  const rows = log(8000, 0.3, (i) => ({ segment: i < 7800 ? 'many' : i < 7900 ? '__proto__' : null }));
  const { segments } = evaluatePolicy(rows, { relevantDifference: 0.05 });
  expect(segments.map((s) => [s.segment, s.rows, s.verdict])).toEqual([
    ['__proto__', 100, 'insufficient'],
    ['many', 7800, 'ship'],
    [null, 100, 'insufficient'],
  ]);
});

test('invalid rows are counted by reason and left out of all numbers', () => {
  const bad: Partial<LoggedRow>[] = [
    { reward: Number.NaN },
    { logged: 0 },
    { logged: Number.NaN },
    { target: -0.1 },
    { target: 1.5 },
    { unsupported: Number.NaN },
    { model: { chosen: Number.POSITIVE_INFINITY, policy: 0 } },
  ];
  const good = log(8000, 0.3);
  const clean = evaluatePolicy(good, { relevantDifference: 0.05 });
  const mixed = evaluatePolicy([...good, ...bad.map(row)], { relevantDifference: 0.05 });
  expect(mixed).toEqual({
    ...clean,
    faults: [
      { fault: 'bad_reward', rows: 1 },
      { fault: 'bad_propensity', rows: 5 },
      { fault: 'bad_prediction', rows: 1 },
    ],
  });
  const many = evaluatePolicy([...good, ...Array.from({ length: 100 }, () => row({ reward: Number.NaN }))], {
    relevantDifference: 0.05,
  });
  expect([many.verdict, many.reasons]).toEqual(['insufficient', ['faulty_rows']]);
});

test('a decision becomes a row with the chosen arm, unsupported probability and predictions', () => {
  const decision: LoggedDecision = {
    customer: 'c-1',
    segment: 'vip',
    arms: [
      { id: 'tip', logged: 0.75, target: 0.5, predicted: 0.2 },
      { id: 'nothing', logged: 0.25, target: 0.25, predicted: 0.1 },
      { id: 'offer', logged: 0, target: 0.25, predicted: 0.4 },
    ],
    chosen: 'tip',
    reward: 1,
  };
  const read = buildLoggedRow(decision) as LoggedRow;
  expect(read).toMatchObject({ segment: 'vip', reward: 1, logged: 0.75, target: 0.5, unsupported: 0.25 });
  expect(read.model?.chosen).toBe(0.2);
  expect(read.model?.policy).toBeCloseTo(0.225, 12);
  expect(buildLoggedRow({ ...decision, chosen: 'gone' })).toBe('unknown_arm');
  expect(buildLoggedRow({ ...decision, chosen: 'offer' })).toBe('bad_propensity');
  expect(buildLoggedRow({ ...decision, reward: Number.NaN })).toBe('bad_reward');
  expect(buildLoggedRow({ ...decision, arms: decision.arms.slice(0, 2) })).toBe('not_a_distribution');
  const unmodelled = decision.arms.map(({ predicted: _, ...arm }) => arm);
  expect(buildLoggedRow({ ...decision, arms: unmodelled })).toMatchObject({ model: null });
});

test('the result survives a round trip through JSON', () => {
  for (const rows of [log(100, 0.3), [], log(100, 0.3, () => ({ target: 0 }))]) {
    const answer = evaluatePolicy(rows, { relevantDifference: 0.05 });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  }
});
