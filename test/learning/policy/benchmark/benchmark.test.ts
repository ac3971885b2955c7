import { expect, test } from 'vitest';
import { computeCalibration, computeRecovery, mean } from '../../../../bench/decisions/bars.ts';
import { computeLift, DEFAULT_SETUP, playRounds } from '../../../../bench/decisions/play.ts';
import { createWorld, ROUNDS } from '../../../../bench/decisions/problem.ts';

/** Two worlds, and therefore wide tolerances; `npm run bench:decisions` plays twenty against the real goals. */
const SEEDS = [0, 1];

test('the model captures lift, also with delayed rewards, is calibrated, and does worse without features', () => {
  const constant = SEEDS.map((seed) => playRounds(createWorld(seed, 'still'), DEFAULT_SETUP, `seed ${seed}`));
  const delayed = playRounds(createWorld(0, 'still'), { ...DEFAULT_SETUP, window: 1_000 }, 'seed 0');
  const blind = playRounds(createWorld(0, 'still'), { ...DEFAULT_SETUP, blind: true }, 'seed 0');
  expect(mean(constant.map((one) => computeLift(one)))).toBeGreaterThan(0.8);
  expect(computeLift(delayed)).toBeGreaterThan(0.7);
  expect(computeLift(blind)).toBeLessThan(computeLift(constant[0] as (typeof constant)[number]) - 0.1);
  const calibrated = mean(constant.map(computeCalibration));
  expect(calibrated).toBeGreaterThan(0.9);
  expect(calibrated).toBeLessThan(1.1);
}, 120_000);

test('E-8: two half-lives after all arms changed places, the model has recovered 80 % of its lift', () => {
  const shift = SEEDS.map((seed) => playRounds(createWorld(seed, 'shift'), DEFAULT_SETUP, `seed ${seed}`));
  expect(mean(shift.map(computeRecovery))).toBeGreaterThan(0.75);
  expect(mean(shift.map((one) => computeLift(one)))).toBeGreaterThan(0.66);
  expect(mean(shift.map((one) => computeLift(one, 0.75 * ROUNDS)))).toBeGreaterThan(0.75);
}, 120_000);
