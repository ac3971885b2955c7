import { expect, test } from 'vitest';
import { type Evaluation, evaluatePolicy } from '../../../src/learning/evaluation/evaluate-policy.ts';
import { openBandit, row, type Shown } from './support.ts';

/** Items that a log contains; the evaluated policy draws each with the same probability. */
const ITEMS = { all: 80, men: 34, women: 46 };
type Log = keyof typeof ITEMS;

function uniform(log: Log, model?: (shown: Shown) => { chosen: number; policy: number }): Evaluation {
  const rows = openBandit(log).map((shown, i) =>
    row({
      customer: `row-${i}`,
      reward: shown.click,
      logged: shown.propensity,
      target: 1 / ITEMS[log],
      model: model?.(shown) ?? null,
    }),
  );
  return evaluatePolicy(rows, { relevantDifference: 0.002, clip: null });
}

// Results of the Open Bandit Pipeline 0.4.1, to its printed digits.
test.each([
  ['all', 0.0023596395, 0.0023337139, 340.38, 277.78],
  ['men', 0.0030086263, 0.0031894232, 655.71, 178.25],
  ['women', 0.0074375775, 0.0023730461, 2.08, 21_739.13],
] as const)(
  'IPS, SNIPS, effective rows and largest weight of the log "%s" equal the reference',
  (log, ips, snips, rows, largest) => {
    const { ips: ipsEstimate, snips: snipsEstimate, weights } = uniform(log);
    expect(Math.abs((ipsEstimate?.value as number) - ips)).toBeLessThan(1e-9);
    expect(Math.abs((snipsEstimate?.value as number) - snips)).toBeLessThan(1e-9);
    expect(weights?.effectiveRows).toBeCloseTo(rows, 2);
    expect(weights?.largest).toBeCloseTo(largest, 2);
  },
);

test('the log of women is insufficient, whatever its estimate is', () => {
  const { verdict, reasons, weights } = uniform('women');
  expect(verdict).toBe('insufficient');
  expect(reasons).toEqual(
    expect.arrayContaining(['few_effective_rows', 'few_customers', 'wide_interval', 'weights_off']),
  );
  expect(weights?.alarm).toBe(true);
});

test('clipping the largest weights does not make the log of women sufficient', () => {
  const rows = openBandit('women').map((shown, i) =>
    row({ customer: `row-${i}`, reward: shown.click, logged: shown.propensity, target: 1 / 46 }),
  );
  const { verdict, reasons, weights } = evaluatePolicy(rows, { relevantDifference: 0.01, clip: 200 });
  expect(weights?.clipped).toBeGreaterThan(0.5);
  expect(verdict).toBe('insufficient');
  expect(reasons).toContain('clipped');
});

test('the log of men is sufficient, with the verdict hold; the log of all has too few effective rows', () => {
  const men = uniform('men');
  expect([men.verdict, men.reasons]).toEqual(['hold', []]);
  // What was shown by the uniform policy itself was clicked by 0.46 %.
  expect(men.snips?.low).toBeLessThan(0.0046);
  expect(men.snips?.high).toBeGreaterThan(0.0046);
  const all = uniform('all');
  expect([all.verdict, all.reasons]).toEqual(['insufficient', ['few_effective_rows']]);
});

test('the standard error of SNIPS equals √Σ(w(r−V))² / Σw', () => {
  const log = openBandit('men');
  const value = uniform('men').snips?.value as number;
  let squares = 0;
  let weights = 0;
  for (const { click, propensity } of log) {
    const weight = 1 / 34 / propensity;
    squares += (weight * (click - value)) ** 2;
    weights += weight;
  }
  expect(uniform('men').snips?.standardError).toBeCloseTo(Math.sqrt(squares) / weights, 12);
});

test.each(['all', 'men', 'women'] as const)(
  'doubly robust on the log "%s" equals the sum written out',
  (log) => {
    const shown = openBandit(log);
    const clicks = new Map<number, { shown: number; clicked: number }>();
    for (const { item, click } of shown) {
      const of = clicks.get(item) ?? { shown: 0, clicked: 0 };
      clicks.set(item, { shown: of.shown + 1, clicked: of.clicked + click });
    }
    // The model: each item's click rate, drawn towards 0.4 %.
    const expected = (item: number) => {
      const of = clicks.get(item) ?? { shown: 0, clicked: 0 };
      return (of.clicked + 0.4) / (of.shown + 100);
    };
    const n = ITEMS[log];
    let direct = 0;
    for (let item = 0; item < n; item++) direct += expected(item) / n;
    let sum = 0;
    for (const { item, click, propensity } of shown) {
      let direct = 0;
      for (let other = 0; other < n; other++) direct += (1 / n) * expected(other);
      sum += direct + (1 / n / propensity) * (click - expected(item));
    }
    const { doublyRobust } = uniform(log, ({ item }) => ({ chosen: expected(item), policy: direct }));
    expect(Math.abs((doublyRobust?.value as number) - sum / shown.length)).toBeLessThan(1e-12);
  },
);
