import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStream, type RandomStream } from '../../../src/maths/stream.ts';
import { compareRates } from '../../../src/statistics/experiments/compare.ts';
import {
  evaluateGuardrail,
  evaluateGuardrails,
  type GuardrailBlock,
} from '../../../src/statistics/experiments/guardrails.ts';
import { binomial } from './support.ts';

interface Day {
  treated: [number, number];
  control: [number, number];
}

function blocks(draw: RandomStream, days: number, day: (d: number) => Day): GuardrailBlock[] {
  return Array.from({ length: days }, (_, d) => {
    const { treated, control } = day(d);
    return {
      treated: { customers: treated[0], events: binomial(draw, ...treated) },
      control: { customers: control[0], events: binomial(draw, ...control) },
    };
  });
}

/** Runs an ordinary one-sided 5 % test after every block, as a dashboard does. */
function naiveAlarm(all: GuardrailBlock[]): boolean {
  return all.some((_, i) => {
    const sum = (arm: 'treated' | 'control') =>
      all
        .slice(0, i + 1)
        .reduce((s, b) => ({ customers: s.customers + b[arm].customers, events: s.events + b[arm].events }), {
          customers: 0,
          events: 0,
        });
    const reading = compareRates(sum('treated'), sum('control'), { level: 0.9 });
    return reading.kind === 'compared' && reading.low > 0;
  });
}

test('C-13: checked after every block, a harmless action is paused in at most 5 % of cases; a plain test pauses far more', () => {
  const draws = createStream('false alarms');
  const runs = 300;
  let paused = 0;
  let naive = 0;
  for (let r = 0; r < runs; r++) {
    // The rate and the arms' sizes change from day to day; neither is a harm.
    const all = blocks(draws.fork(`${r}`), 80, (d) => {
      const rate = 0.02 + 0.015 * ((d % 7) / 6);
      return { treated: [60 + (d % 5) * 10, rate], control: [20 + (d % 3) * 10, rate] };
    });
    if (evaluateGuardrail(all).verdict === 'pause') paused++;
    if (naiveAlarm(all)) naive++;
  }
  expect(paused / runs).toBeLessThanOrEqual(0.05);
  expect(naive / runs).toBeGreaterThan(0.15);
});

test('C-13: a beneficial action is paused no more often than a harmless one', () => {
  const draws = createStream('good');
  let paused = 0;
  for (let r = 0; r < 200; r++) {
    const all = blocks(draws.fork(`${r}`), 60, () => ({ treated: [80, 0.02], control: [40, 0.03] }));
    if (evaluateGuardrail(all).verdict === 'pause') paused++;
  }
  expect(paused / 200).toBeLessThanOrEqual(0.02);
});

test('C-13: a harm is detected, quickly if it is large, and the reading has its numbers', () => {
  const draws = createStream('harm');
  const reading = Array.from({ length: 60 }, (_, r) =>
    evaluateGuardrail(blocks(draws.fork(`${r}`), 100, () => ({ treated: [90, 0.03], control: [30, 0.01] }))),
  );
  expect(reading.filter((f) => f.verdict === 'pause').length).toBeGreaterThan(54);
  const one = reading.find((f) => f.verdict === 'pause');
  expect(one?.breachedAt).toBeLessThan(100);
  expect(one?.p).toBeLessThanOrEqual(0.05);
  expect(one?.treated.customers).toBe(9000);
  expect(one?.ratio).toBeGreaterThan(1.5);
});

const arm = fc.integer({ min: 1, max: 12 });
const tolerances = fc.constantFrom(1, 1.1, 2);

test('C-13: with exactly the tolerated harm the expected evidence of every block is 1', () => {
  // All ways in which a block's events can fall, with their chances: evidence averages to exactly 1.
  fc.assert(
    fc.property(arm, arm, fc.nat({ max: 24 }), tolerances, (nt, nc, any, tolerance) => {
      const events = Math.min(any, nt + nc);
      const whole = moment(nt, nc, events, tolerance);
      let expected = 0;
      for (let k = Math.max(0, events - nc); k <= Math.min(events, nt); k++) {
        const chance = (choose(nt, k) * choose(nc, events - k) * tolerance ** k) / whole;
        expected += chance * evidence(nt, k, nc, events - k, tolerance);
      }
      expect(expected).toBeCloseTo(1, 9);
    }),
  );
});

test('C-13: the p-value of one block is the inverse of its evidence', () => {
  fc.assert(
    fc.property(arm, arm, fc.nat({ max: 12 }), fc.nat({ max: 12 }), tolerances, (nt, nc, a, b, tolerance) => {
      const [k, rest] = [Math.min(a, nt), Math.min(b, nc)];
      const block = { treated: { customers: nt, events: k }, control: { customers: nc, events: rest } };
      const { p } = evaluateGuardrail([block], { tolerance });
      expect(p).toBeCloseTo(1 / Math.max(1, evidence(nt, k, nc, rest, tolerance)), 9);
    }),
  );
});

/**
 * A block's evidence: the mean, over the odds ratios that are looked for, of the likelihood under that ratio to the
 * likelihood under the tolerated odds ratio. Written out with binomial coefficients.
 */
function evidence(nt: number, k: number, nc: number, rest: number, tolerance: number): number {
  const ratios = [1.2, 1.5, 2, 3, 5, 10].map(
    (odds) => (odds ** k * moment(nt, nc, k + rest, tolerance)) / moment(nt, nc, k + rest, odds * tolerance),
  );
  return ratios.reduce((a, b) => a + b, 0) / ratios.length;
}

function moment(nt: number, nc: number, events: number, odds: number): number {
  let whole = 0;
  for (let k = Math.max(0, events - nc); k <= Math.min(events, nt); k++) {
    whole += choose(nt, k) * choose(nc, events - k) * odds ** k;
  }
  return whole;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways;
}

test('C-13: a harm within the tolerance does not pause the action', () => {
  const draws = createStream('tolerance');
  const all = blocks(draws, 200, () => ({ treated: [200, 0.03], control: [100, 0.02] }));
  expect(evaluateGuardrail(all).verdict).toBe('pause');
  expect(evaluateGuardrail(all, { tolerance: 2 }).verdict).toBe('clear');
});

test('E-4: without a control there is no verdict, and several harms share one alpha', () => {
  const alone: GuardrailBlock = {
    treated: { customers: 500, events: 400 },
    control: { customers: 0, events: 0 },
  };
  expect(evaluateGuardrail([alone])).toMatchObject({ verdict: 'no_control', p: 1, ratio: null });
  const quiet: GuardrailBlock = {
    treated: { customers: 500, events: 5 },
    control: { customers: 100, events: 1 },
  };
  const loud: GuardrailBlock = {
    treated: { customers: 500, events: 200 },
    control: { customers: 100, events: 1 },
  };
  const watched = evaluateGuardrails([
    { harm: 'complaint', blocks: [quiet] },
    { harm: 'unsubscribe', blocks: [loud] },
    { harm: 'refund', blocks: [alone] },
  ]);
  expect(watched.verdict).toBe('pause');
  expect(watched.readings.map((r) => [r.harm, r.verdict])).toEqual([
    ['complaint', 'clear'],
    ['unsubscribe', 'pause'],
    ['refund', 'no_control'],
  ]);
  expect(watched.readings[0]?.alpha).toBeCloseTo(0.05 / 3, 12);
  expect(evaluateGuardrails([]).verdict).toBe('no_control');
  expect(evaluateGuardrails([{ harm: 'refund', blocks: [alone] }]).verdict).toBe('no_control');
});

test('impossible counts throw', () => {
  const block: GuardrailBlock = {
    treated: { customers: 5, events: 6 },
    control: { customers: 5, events: 0 },
  };
  expect(() => evaluateGuardrail([block])).toThrow('6 events of 5 customers');
});
