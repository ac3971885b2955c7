import { expect, test } from 'vitest';
import { evaluatePolicy } from '../../../src/learning/evaluation/evaluate-policy.ts';
import { buildLoggedRow, type LoggedRow } from '../../../src/learning/evaluation/logged-decision.ts';
import type { Interval } from '../../../src/learning/evaluation/policy-verdict.ts';
import { exp, logistic } from '../../../src/maths/elementary.ts';
import { createStream, type RandomStream } from '../../../src/maths/stream.ts';

/** Ten arms, four features, rewards by a logistic model; the logging policy sharpens as it would while it learns. */
const ARMS = 10;
const FLOOR = 0.005;

interface World {
  theta: number[][];
  bias: number[];
}

function world(draw: RandomStream): World {
  return {
    theta: Array.from({ length: ARMS }, () => Array.from({ length: 4 }, () => 0.6 * draw.normal())),
    bias: Array.from({ length: ARMS }, () => -2 + 0.4 * draw.normal()),
  };
}

function rates({ theta, bias }: World, x: number[]): number[] {
  return theta.map((of, a) =>
    logistic(of.reduce((sum, t, i) => sum + t * (x[i] as number), bias[a] as number)),
  );
}

function softmax(scores: number[], sharpness: number): number[] {
  const weights = scores.map((score) => exp(sharpness * (score - Math.max(...scores))));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (1 - ARMS * FLOOR) * (weight / sum) + FLOOR);
}

function drawn(probabilities: number[], u: number): number {
  let border = 0;
  const chosen = probabilities.findIndex((p) => {
    border += p;
    return u < border;
  });
  return chosen < 0 ? probabilities.length - 1 : chosen;
}

/** One replicate: a log, and the true value of the candidate policy on its contexts. */
function replicate(
  draw: RandomStream,
  of: World,
  n: number,
  distorted: number,
): { rows: LoggedRow[]; truth: number } {
  let truth = 0;
  const rows = Array.from({ length: n }, (_, i) => {
    const x = Array.from({ length: 4 }, () => draw.normal());
    const p = rates(of, x);
    // The log believes in a distorted world, and ever more firmly.
    const believed = p.map((rate, a) => rate * (1 + distorted * (x[a % 4] as number)));
    const logged = softmax(believed, 8 + (20 * i) / n);
    const target = softmax(p, 12);
    truth += target.reduce((sum, t, a) => sum + t * (p[a] as number), 0) / n;
    const chosen = drawn(logged, draw.uniform());
    return buildLoggedRow({
      customer: `c-${i}`,
      segment: null,
      arms: logged.map((l, a) => ({
        id: String(a),
        logged: l,
        target: target[a] as number,
        predicted: 0.7 * (p[a] as number) + 0.03,
      })),
      chosen: String(chosen),
      reward: draw.uniform() < (p[chosen] as number) ? 1 : 0,
    }) as LoggedRow;
  });
  return { rows, truth };
}

test('95 % intervals of IPS, SNIPS and the doubly robust estimate cover the true value at a floor of 0.005', () => {
  const draws = createStream('coverage of off-policy intervals');
  const of = world(draws.fork('world'));
  const covered = { ips: 0, snips: 0, doublyRobust: 0 };
  const replicates = 60;
  let refused = 0;
  for (let r = 0; r < replicates; r++) {
    const { rows, truth } = replicate(draws.fork(`replicate ${r}`), of, 4000, 0.2);
    const answer = evaluatePolicy(rows, { relevantDifference: 1, clip: null });
    expect(answer.weights?.alarm).toBe(false);
    if (answer.reasons.length > 0) refused++;
    for (const name of ['ips', 'snips', 'doublyRobust'] as const) {
      const { low, high } = answer[name] as Interval;
      if (low <= truth && truth <= high) covered[name]++;
    }
  }
  expect(refused / replicates).toBeLessThan(0.2);
  for (const times of Object.values(covered)) expect(times / replicates).toBeGreaterThanOrEqual(0.9);
});

test('a log whose largest weights happened not to be drawn is refused, although its weights look good', () => {
  const draws = createStream('coverage of off-policy intervals');
  const of = world(draws.fork('world'));
  const answers = Array.from({ length: 6 }, (_, r) =>
    evaluatePolicy(replicate(draws.fork(`replicate ${r}`), of, 3000, 0.5).rows, { relevantDifference: 1 }),
  );
  expect(answers.filter(({ weights }) => (weights?.effectiveRows as number) > 700).length).toBeGreaterThan(0);
  for (const { weights, reasons } of answers) {
    expect(weights?.expectedRows).toBeLessThan(500);
    expect(reasons).toContain('few_effective_rows');
  }
});

test('with many rows per customer, clustered intervals cover and intervals by row do not', () => {
  const draws = createStream('coverage with customers');
  const covered = { clustered: 0, byRow: 0 };
  const replicates = 80;
  for (let r = 0; r < replicates; r++) {
    const draw = draws.fork(`replicate ${r}`);
    const rows: LoggedRow[] = [];
    for (let c = 0; c < 150; c++) {
      // Some buy often and some hardly ever: half of all, on average.
      const taste = draw.uniform();
      for (let i = 0; i < 20; i++) {
        rows.push({
          customer: `c-${c}`,
          segment: null,
          reward: draw.uniform() < taste ? 1 : 0,
          logged: 0.5,
          target: draw.uniform() < 0.5 ? 0.8 : 0.2,
          unsupported: 0,
          weightSquare: null,
          model: null,
        });
      }
    }
    const apart = rows.map((row, i) => ({ ...row, customer: `row-${i}` }));
    for (const [name, log] of [
      ['clustered', rows],
      ['byRow', apart],
    ] as const) {
      const { low, high } = evaluatePolicy(log, { relevantDifference: 1 }).snips as Interval;
      if (low <= 0.5 && 0.5 <= high) covered[name]++;
    }
  }
  expect(covered.clustered / replicates).toBeGreaterThanOrEqual(0.9);
  expect(covered.byRow / replicates).toBeLessThan(0.8);
});
