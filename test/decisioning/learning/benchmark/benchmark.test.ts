import { expect, test } from 'vitest';
import { calibration, mean, recovery } from '../../../../bench/decisions/bars.ts';
import { lift, OURS, play } from '../../../../bench/decisions/play.ts';
import { makeProblem, ROUNDS } from '../../../../bench/decisions/problem.ts';

/** Few worlds and so wide tolerances; `npm run bench:decisions` plays twenty against the bars themselves. */
const SEEDS = [0, 1, 2];

test('the loop learns, forgets what is over, bears delays, is calibrated, and does badly without features', () => {
  const still = SEEDS.map((seed) => play(makeProblem(seed, 'still'), OURS, `seed ${seed}`));
  const shift = SEEDS.map((seed) => play(makeProblem(seed, 'shift'), OURS, `seed ${seed}`));
  const delayed = play(makeProblem(0, 'still'), { ...OURS, window: 1_000 }, 'seed 0');
  const blind = play(makeProblem(0, 'still'), { ...OURS, blind: true }, 'seed 0');
  expect(mean(still.map((one) => lift(one)))).toBeGreaterThan(0.8);
  expect(mean(shift.map((one) => lift(one)))).toBeGreaterThan(0.61);
  expect(mean(shift.map((one) => lift(one, 0.75 * ROUNDS)))).toBeGreaterThan(0.69);
  // E-8 asks for 0.8, which isn't reached yet: this only guards what there is.
  expect(mean(shift.map(recovery))).toBeGreaterThan(0.55);
  expect(lift(delayed)).toBeGreaterThan(0.68);
  expect(lift(blind)).toBeLessThan(0.55);
  const calibrated = mean(still.map(calibration));
  expect(calibrated).toBeGreaterThan(0.9);
  expect(calibrated).toBeLessThan(1.1);
}, 60_000);
