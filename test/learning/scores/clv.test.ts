import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { runBacktest } from '../../../src/learning/scores/backtest.ts';
import {
  computeAlive,
  expectPurchases,
  expectPurchasesOfNew,
  silenceUntilAlive,
} from '../../../src/learning/scores/clv/buying.ts';
import { summarizeBuying } from '../../../src/learning/scores/clv/buying-summary.ts';
import { computeBuyingLogLikelihood, fitBuying } from '../../../src/learning/scores/clv/fit-buying.ts';
import { expectSpend, fitSpend } from '../../../src/learning/scores/clv/fit-spend.ts';
import { computeLifetimeValue, computeMeanValue } from '../../../src/learning/scores/clv/lifetime-value.ts';
import {
  computePurchaseChances,
  findCountQuantile,
  findSpendQuantile,
} from '../../../src/learning/scores/clv/purchase-distribution.ts';
import { computeOverdueWeeks, computeRhythm } from '../../../src/learning/scores/clv/rhythm.ts';
import type { BuyingParams, FitResult } from '../../../src/learning/scores/types.ts';
import { betaCdf } from '../../../src/maths/incomplete-beta.ts';
import { minimize } from '../../../src/maths/nelder-mead.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { bought, CALIBRATED, cdnow, ENDED, holdout, summaries } from './cdnow.ts';

const calibrated = summaries();
const bg = fitBuying(calibrated, 'bg');
const mbg = fitBuying(calibrated, 'mbg');
const spend = fitSpend(calibrated);
const ADA = { x: 2, tx: 30.43, T: 38.86, mean: 2_234.5 };

function paramsOf<T>(fitted: FitResult<T>): T {
  if (!fitted.ok) throw new Error(fitted.message);
  return fitted.params;
}
/** Expects a relative difference of at most half a percent. */
function expectNear(actual: number, reference: number, share = 0.005): void {
  expect(Math.abs(actual / reference - 1), `${actual} for ${reference}`).toBeLessThan(share);
}

test('the CDNOW summary equals the reference: 2,357 customers, 946 repeaters, days merged, weeks from the first day', () => {
  expect(calibrated).toHaveLength(2_357);
  expect(calibrated.filter(({ x }) => x > 0)).toHaveLength(946);
  expect(calibrated[0]).toEqual({ x: 2, tx: 213 / 7, T: 272 / 7, mean: 2_234.5 });
  expect(holdout().reduce((sum, { days }) => sum + days, 0)).toBe(1_882);
});

test('D-17: BG/NBD on CDNOW equals the published fit: parameters within 0.5 %, log-likelihood within 0.01', () => {
  const { r, alpha, a, b } = paramsOf(bg);
  expectNear(r, 0.2426);
  expectNear(alpha, 4.4135);
  expectNear(a, 0.7929);
  expectNear(b, 2.4258);
  expect(bg.ok && Math.abs(bg.logLikelihood + 9_582.43)).toBeLessThan(0.01);
  expect(computeBuyingLogLikelihood(paramsOf(bg), calibrated)).toBeCloseTo(bg.ok ? bg.logLikelihood : 0, 8);
});

test('D-17: MBG/NBD on CDNOW equals the published fit', () => {
  const { r, alpha, a, b } = paramsOf(mbg);
  expectNear(r, 0.5248);
  expectNear(alpha, 6.183);
  expectNear(a, 0.8914);
  expectNear(b, 1.614);
});

test('D-17: expected purchases and P(alive) of one customer, and expected purchases of a new one, equal the reference', () => {
  const published: BuyingParams = { model: 'bg', r: 0.2426, alpha: 4.4135, a: 0.7929, b: 2.4258 };
  expect(expectPurchases(published, ADA, 39)).toBeCloseTo(1.2259, 3);
  expect(computeAlive(published, ADA)).toBeCloseTo(0.7266, 3);
  expect(expectPurchasesOfNew(published, 52)).toBeCloseTo(1.444, 3);
  expect(computeAlive(published, { x: 0, tx: 0, T: 30 })).toBe(1);
  expect(computeAlive(paramsOf(mbg), { x: 0, tx: 0, T: 30 })).toBeLessThan(0.5);
});

test('D-15: for the 39 held-out weeks it predicts 1,653 of 1,882 purchases, and beats each customer’s own rate', () => {
  const tried = runBacktest(cdnow(), CALIBRATED, ENDED, 'bg');
  expect(tried?.customers).toBe(2_357);
  expect(tried?.actual).toBe(1_882);
  expectNear(tried?.predicted ?? 0, 1_653);
  expect(tried?.correlation).toBeCloseTo(0.626, 2);
  expect(tried?.meanError).toBeCloseTo(0.785, 2);
  expect(tried?.naiveError).toBeCloseTo(1.024, 2);
});

test('D-15: predicted repurchase probabilities are off by 0.07 on average and 0.15 at most; 90 % intervals cover 90 %', () => {
  const tried = runBacktest(cdnow(), CALIBRATED, ENDED);
  expect(tried?.bins.reduce((sum, { customers }) => sum + customers, 0)).toBe(2_357);
  expect(tried?.bins.length).toBeGreaterThanOrEqual(4);
  const off = (tried?.bins ?? []).map(({ customers, predicted, actual }) => ({
    customers,
    by: Math.abs(predicted - actual),
  }));
  expect(Math.max(...off.map(({ by }) => by))).toBeLessThan(0.15);
  expect(off.reduce((sum, { customers, by }) => sum + customers * by, 0) / 2_357).toBeLessThan(0.07);
  // Counts are whole, so an interval that holds at least 90 % holds more.
  expect(tried?.covered).toBeGreaterThan(0.9);
  expect(tried?.covered).toBeLessThan(0.98);
  expect(runBacktest(cdnow().slice(0, 10), CALIBRATED, ENDED)).toBe(null);
  const gone = {
    ...bought([{ at: ENDED, amount: 1, categories: [] }]),
    earlier: { count: 9, first: 0, amount: 9 },
  };
  expect(runBacktest([...cdnow(), gone], CALIBRATED, ENDED)?.customers).toBe(2_357);
});

test('D-17: Gamma-Gamma on CDNOW equals the published fit, and the expected spend of the first five repeaters', () => {
  const { p, q, v } = paramsOf(spend);
  expectNear(p, 6.2488);
  expectNear(q, 3.7446);
  expectNear(v, 1_544.77);
  expectNear(expectSpend({ p, q, v }, { x: 0, mean: 0 }), 3_517);
  const first = calibrated.filter(({ x }) => x > 0).slice(0, 5);
  const expected = [2_465.86, 1_891.15, 7_146.29, 1_891.15, 2_728.24];
  for (const [i, summary] of first.entries())
    expectNear(expectSpend({ p, q, v }, summary), expected[i] as number, 0.001);
});

test('D-17: nine of ten customers spent within the interval of their lifetime value', () => {
  const after = holdout();
  const settings = { weeks: 39, margin: 1, discount: 0 };
  const inside = calibrated.filter((summary, i) => {
    const answer = computeLifetimeValue(mbg, spend, summary, settings);
    const amount = after[i]?.amount ?? 0;
    return answer.ok && amount >= answer.low && amount <= answer.high;
  });
  expect(inside.length / calibrated.length).toBeGreaterThan(0.88);
  expect(inside.length / calibrated.length).toBeLessThan(0.97);
});

test('D-17: the interval also covers with the smallest number of customers that a fit accepts', () => {
  const after = holdout();
  const shares: number[] = [];
  for (let start = 0; start < 20; start++) {
    const few = calibrated.filter((_, i) => i % 20 === start).slice(0, 60);
    const [buying, money] = [fitBuying(few), fitSpend(few)];
    if (!buying.ok || !money.ok) continue;
    const others = calibrated.flatMap((summary, i) =>
      i % 16 === 3 ? [{ summary, amount: after[i]?.amount ?? 0 }] : [],
    );
    const inside = others.filter(({ summary, amount }) => {
      const answer = computeLifetimeValue(buying, money, summary, { weeks: 39, margin: 1, discount: 0 });
      return answer.ok && amount >= answer.low && amount <= answer.high;
    });
    shares.push(inside.length / others.length);
  }
  expect(shares.length).toBeGreaterThanOrEqual(10);
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.85);
});

test('the value is the sum of margin × spend × purchases, discounted week by week', () => {
  const flat = computeMeanValue(mbg, spend, ADA, { weeks: 52, margin: 0.3, discount: 0 });
  if (!flat.ok) throw new Error(flat.message);
  expect(flat.value).toBeCloseTo(0.3 * flat.spend * expectPurchases(paramsOf(mbg), ADA, 52), 8);
  const discounted = computeMeanValue(mbg, spend, ADA, { weeks: 52, margin: 0.3, discount: 0.1 });
  expect(discounted.ok && discounted.value / flat.value).toBeGreaterThan(1 / 1.1);
  expect(discounted.ok && discounted.value / flat.value).toBeLessThan(1);
  const none: FitResult<BuyingParams> = { ok: false, reason: 'too_few_customers', message: 'few' };
  expect(computeLifetimeValue(none, spend, ADA)).toEqual(none);
  expect(computeLifetimeValue(mbg, spend, null)).toMatchObject({ ok: false, reason: 'no_purchase' });
});

const anyParams = fc
  .record({
    model: fc.constantFrom('bg' as const, 'mbg' as const),
    r: fc.double({ min: 0.1, max: 20, noNaN: true }),
    rate: fc.double({ min: 0.01, max: 1, noNaN: true }),
    a: fc.double({ min: 0.05, max: 200, noNaN: true }),
    b: fc.double({ min: 0.05, max: 200, noNaN: true }),
  })
  .map(({ rate, ...rest }): BuyingParams => ({ ...rest, alpha: rest.r / rate }));
const anySummary = fc
  .record({
    x: fc.nat(60),
    T: fc.double({ min: 0, max: 200, noNaN: true }),
    when: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ x, T, when }) => ({
    x,
    T: Math.max(T, 0.1),
    tx: x > 0 ? Math.max(T, 0.1) * when : 0,
    mean: 1_000,
  }));

test('the distribution of purchases sums to 1, and its mean equals the expectation of the closed formula', () => {
  fc.assert(
    fc.property(anyParams, anySummary, fc.double({ min: 1, max: 60, noNaN: true }), (params, some, weeks) => {
      // At most a few purchases a week: with thousands, the cut-off tail would be visible.
      const summary = { ...some, T: some.T + 5 + some.x / 3 };
      const chances = computePurchaseChances(params, summary, weeks, 1e-10);
      const mass = chances.reduce((sum, chance) => sum + chance, 0);
      const mean = chances.reduce((sum, chance, n) => sum + n * chance, 0);
      expect(Math.abs(mass - 1)).toBeLessThan(1e-9);
      const expected = expectPurchases(params, summary, weeks);
      expect(Math.abs(mean - expected)).toBeLessThan(1e-6 * (1 + expected));
    }),
  );
});

test('longer silence never raises P(alive), and more weeks never lower the expected purchases', () => {
  fc.assert(
    fc.property(
      anyParams,
      anySummary,
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      (params, summary, more) => {
        const later = { ...summary, T: summary.T + more };
        expect(computeAlive(params, later)).toBeLessThanOrEqual(computeAlive(params, summary) + 1e-12);
        const soon = expectPurchases(params, summary, more);
        expect(expectPurchases(params, summary, 2 * more)).toBeGreaterThanOrEqual(soon - 1e-7 * (1 + soon));
      },
    ),
  );
});

test('extreme parameters and hundreds of purchases still give finite numbers', () => {
  for (const a of [1, 0.5, 1 + 1e-12, 5_000])
    for (const x of [0, 1, 300, 3_000])
      for (const model of ['bg', 'mbg'] as const) {
        const params: BuyingParams = { model, r: 0.5, alpha: 5, a, b: a === 0.5 ? 0.5 : 2 * a };
        const summary = { x, tx: x > 0 ? 150 : 0, T: 151, mean: 1_000 };
        const expected = expectPurchases(params, summary, 52);
        expect(Number.isFinite(expected), `${a} ${x}`).toBe(true);
        expect(expected).toBeLessThanOrEqual(((0.5 + x) / 156) * 52 * (1 + 1e-6));
      }
});

test('E-1: overdue is the Lomax quantile: that share of simulated gaps is shorter', () => {
  const params = paramsOf(mbg);
  const draws = createStream('gaps');
  const rate = 1 / computeOverdueWeeks(params, 3, 20, 0.5);
  expect(rate).toBeGreaterThan(0);
  for (const q of [0.5, 0.8, 0.95]) {
    const at = computeOverdueWeeks(params, 3, 20, q);
    // P(gap > s) = ((α+tx) / (α+tx+s))^(r+x)
    expect(((params.alpha + 20) / (params.alpha + 20 + at)) ** (params.r + 3)).toBeCloseTo(1 - q, 10);
  }
  let below = 0;
  const shape = 3;
  const exponential = () => -Math.log(1 - draws.uniform());
  for (let i = 0; i < 20_000; i++) {
    let gamma = 0;
    for (let k = 0; k < shape; k++) gamma += exponential();
    const gap = exponential() / (gamma / (5 + 20));
    if (gap <= computeOverdueWeeks({ model: 'mbg', r: 1, alpha: 5, a: 1, b: 1 }, 2, 20, 0.8)) below++;
  }
  expect(Math.abs(below / 20_000 - 0.8)).toBeLessThan(0.01);
});

test('E-1: overdue comes before lapsed and lapsed before sunset; each comes earlier for faster buyers', () => {
  fc.assert(
    fc.property(anyParams, anySummary, (params, { x, tx }) => {
      const { overdue, lapsed, sunset } = computeRhythm(params, x, tx);
      expect(overdue).toBeGreaterThan(0);
      expect(lapsed).toBeGreaterThan(overdue);
      expect(sunset).toBeGreaterThanOrEqual(lapsed);
      expect(sunset).toBeLessThanOrEqual(520);
    }),
  );
  const params = paramsOf(mbg);
  expect(computeRhythm(params, 10, 20).overdue).toBeLessThan(computeRhythm(params, 2, 20).overdue);
  const until = silenceUntilAlive(params, 4, 20, 0.5);
  expect(computeAlive(params, { x: 4, tx: 20, T: 20 + until })).toBeCloseTo(0.5, 10);
  expect(silenceUntilAlive(paramsOf(bg), 0, 0, 0.5)).toBe(Number.POSITIVE_INFINITY);
});

test('a fit that is not possible returns its reason, and never NaN', () => {
  const once = Array.from({ length: 200 }, (_, i) => ({ x: 0, tx: 0, T: 1 + (i % 30), mean: 0 }));
  expect(fitBuying([])).toMatchObject({ ok: false, reason: 'too_few_customers' });
  expect(fitBuying(calibrated.slice(0, 30))).toMatchObject({ ok: false, reason: 'too_few_customers' });
  expect(fitBuying(once)).toMatchObject({ ok: false, reason: 'too_few_repeaters' });
  const alike = Array.from({ length: 200 }, () => ({ x: 3, tx: 30, T: 31, mean: 999 }));
  expect(fitBuying(alike)).toMatchObject({ ok: false, reason: 'no_variation' });
  expect(fitSpend(alike)).toMatchObject({ ok: false, reason: 'no_variation' });
  expect(fitSpend(once)).toMatchObject({ ok: false, reason: 'too_few_repeaters' });
  expect(fitBuying([...calibrated, { x: 1, tx: Number.NaN, T: 3 }])).toMatchObject({
    ok: false,
    reason: 'bad_input',
  });
  expect(fitBuying([...calibrated, { x: 0, tx: 0, T: -3 }])).toMatchObject({
    ok: false,
    reason: 'bad_input',
  });
  expect(fitSpend([...calibrated, { x: 1, mean: Infinity }])).toMatchObject({
    ok: false,
    reason: 'bad_input',
  });
  const wild = Array.from({ length: 60 }, (_, i) => ({ x: 1 + (i % 3), mean: 10 ** (i / 10) }));
  expect(fitSpend(wild)).toMatchObject({ ok: false, reason: 'no_finite_mean' });
});

test('for any purchases a fit has finite numbers or is refused, and does not depend on the order of customers', () => {
  fc.assert(
    fc.property(fc.array(anySummary, { minLength: 50, maxLength: 90 }), (some) => {
      for (const fitted of [fitBuying(some), fitSpend(some.map((s, i) => ({ ...s, mean: 100 + (i % 7) })))]) {
        if (!fitted.ok) expect(fitted.message.length).toBeGreaterThan(10);
        else for (const value of Object.values(fitted.params)) expect(value).not.toBe(Number.NaN);
      }
      expect(fitBuying([...some].reverse())).toEqual(fitBuying(some));
      const answer = computeLifetimeValue(fitBuying(some), spend, some[0] ?? null);
      if (answer.ok)
        for (const value of Object.values(answer)) expect(Number.isFinite(Number(value))).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test('fitting simulated customers recovers the parameters of the simulation', () => {
  const truth: BuyingParams = { model: 'mbg', r: 1.5, alpha: 6, a: 2, b: 6 };
  const customers = madeBy(truth, 4_000);
  const fitted = paramsOf(fitBuying(customers));
  expectNear(fitted.r / fitted.alpha, truth.r / truth.alpha, 0.08);
  expectNear(fitted.a / (fitted.a + fitted.b), truth.a / (truth.a + truth.b), 0.1);
});

/** Simulates 60 weeks of MBG/NBD with whole r, a and b. */
function madeBy({ alpha, a, b }: BuyingParams, n: number) {
  const draws = createStream('made');
  const exponential = () => -Math.log(1 - draws.uniform());
  return Array.from({ length: n }, () => {
    // Gamma(1.5): an exponential and half of a squared normal.
    const rate = (exponential() + draws.normal() ** 2 / 2) / alpha;
    const order = Array.from({ length: a + b - 1 }, () => draws.uniform()).sort((x, y) => x - y);
    const dropout = order[a - 1] as number;
    let [x, tx] = [0, 0];
    while (draws.uniform() >= dropout) {
      const next = tx + exponential() / rate;
      if (next > 60) break;
      tx = next;
      x++;
    }
    return { x, tx, T: 60 };
  });
}

test('purchases of one day in the workspace’s zone count once; a refunded purchase counts with amount 0', () => {
  const day = Date.UTC(2026, 0, 1);
  const at = (days: number, amount: number) => ({ at: day + days * DAY, amount, categories: [] });
  const history = bought([at(0.1, 500), at(7.2, 300), at(7.9, 100), at(14.5, 0)]);
  expect(summarizeBuying(history, day + 21 * DAY)).toEqual({ x: 2, tx: 2, T: 3, mean: 200 });
  const west = { name: 'West', version: '', offsets: [{ from: 0, minutes: -300 }] };
  expect(summarizeBuying(bought([at(0.1, 500), at(0.9, 300)]), day + DAY, west)).toMatchObject({
    x: 1,
    mean: 300,
  });
  expect(summarizeBuying(history, day + 8 * DAY)).toEqual({ x: 1, tx: 1, T: 8 / 7, mean: 400 });
  expect(summarizeBuying(bought([]), day)).toBe(null);
  // All purchases were on one day, and most are no longer listed: there is still no repeat purchase.
  const busy = { ...bought([at(0.2, 10), at(0.3, 10)]), earlier: { count: 9, first: day, amount: 90 } };
  expect(summarizeBuying(busy, day + 7 * DAY)).toEqual({ x: 0, tx: 0, T: 1, mean: 0 });
  const long = { ...history, earlier: { count: 3, first: day - 70 * DAY, amount: 900 } };
  expect(summarizeBuying(long, day + 21 * DAY)).toEqual({
    x: 5,
    tx: 12,
    T: 13,
    mean: (500 + 400 + 0 + 600) / 5,
  });
});

test('for any profile the summary is one that a fit accepts', () => {
  const anyHistory = fc.record({
    purchases: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 50 * DAY }),
        amount: fc.nat(9_999),
        categories: fc.constant<string[]>([]),
      }),
    ),
    earlier: fc.option(fc.record({ count: fc.nat(90), first: fc.constant(0), amount: fc.nat(99_999) }), {
      nil: null,
    }),
  });
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: 0, max: 80 * DAY }), (history, until) => {
      const summary = summarizeBuying(history, until);
      if (summary === null) return;
      expect(fitBuying([...calibrated, summary])).not.toMatchObject({ reason: 'bad_input' });
      expect(summary.mean).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(summary.mean)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('minimize finds known minima, and reports when it does not converge', () => {
  const rosenbrock = ([x = 0, y = 0]: readonly number[]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  const fitted = minimize(rosenbrock, [-1.2, 1]);
  expect(fitted.converged).toBe(true);
  expect(fitted.at[0]).toBeCloseTo(1, 4);
  const wall = minimize(([x = 0]) => (x < 2 ? Number.NaN : x), [5]);
  expect(wall.at[0]).toBeCloseTo(2, 3);
  let calls = 0;
  expect(minimize(() => -calls++, [1]).converged).toBe(false);
});

test('the incomplete beta function and the quantiles based on it equal known values', () => {
  expect(betaCdf(0.3, 1, 1)).toBeCloseTo(0.3, 14);
  expect(betaCdf(0.5, 7.5, 7.5)).toBeCloseTo(0.5, 13);
  expect(betaCdf(0.2, 3, 1)).toBeCloseTo(0.008, 14);
  expect(betaCdf(0.4, 2, 3)).toBeCloseTo(0.5248, 12);
  expect([betaCdf(0, 2, 3), betaCdf(1, 2, 3), betaCdf(-1, 2, 3)]).toEqual([0, 1, 0]);
  expect(findCountQuantile([0.5, 0.3, 0.2], 0.5)).toBe(0);
  expect(findCountQuantile([0.5, 0.3, 0.2], 0.79)).toBe(1);
  const params = paramsOf(spend);
  // Exactly one purchase: the quantiles are those of one spend, and its mean is between them.
  const [low, middle, high] = [0.05, 0.5, 0.95].map((q) => findSpendQuantile(params, ADA, [0, 1], q));
  expect(low).toBeLessThan(middle as number);
  expect(middle).toBeLessThan(high as number);
  expect(findSpendQuantile(params, ADA, [0.96, 0.04], 0.95)).toBe(0);
});
