import { expect, test } from 'vitest';
import { calibration, mean, recovery } from '../../../../bench/decisions/bars.ts';
import { lift, OURS, play } from '../../../../bench/decisions/play.ts';
import { makeProblem, ROUNDS } from '../../../../bench/decisions/problem.ts';

/** Few worlds and so wide tolerances; `npm run bench:decisions` plays twenty against the bars themselves. */
const SEEDS = [0, 1];

test('the loop learns, bears delays, is calibrated, and does worse without features', () => {
  const still = SEEDS.map((seed) => play(makeProblem(seed, 'still'), OURS, `seed ${seed}`));
  const delayed = play(makeProblem(0, 'still'), { ...OURS, window: 1_000 }, 'seed 0');
  const blind = play(makeProblem(0, 'still'), { ...OURS, blind: true }, 'seed 0');
  expect(mean(still.map((one) => lift(one)))).toBeGreaterThan(0.8);
  expect(lift(delayed)).toBeGreaterThan(0.7);
  expect(lift(blind)).toBeLessThan(lift(still[0] as (typeof still)[number]) - 0.1);
  const calibrated = mean(still.map(calibration));
  expect(calibrated).toBeGreaterThan(0.9);
  expect(calibrated).toBeLessThan(1.1);
}, 120_000);

test('E-8: two half-lives after all arms have changed places, the model is back at 80 % of its lift', () => {
  const shift = SEEDS.map((seed) => play(makeProblem(seed, 'shift'), OURS, `seed ${seed}`));
  expect(mean(shift.map(recovery))).toBeGreaterThan(0.75);
  expect(mean(shift.map((one) => lift(one)))).toBeGreaterThan(0.66);
  expect(mean(shift.map((one) => lift(one, 0.75 * ROUNDS)))).toBeGreaterThan(0.75);
}, 120_000);
