import { coarseNormals } from '../../maths/coarse-normals.ts';
import { logistic } from '../../maths/elementary.ts';
import type { Block } from '../../maths/philox.ts';
import type { ArmEstimate } from './arm-estimate.ts';
import type { ArbitrationOption } from './option.ts';

export interface Sampling {
  /** Number of sampled worlds: at most 256. */
  draws: number;
  /** Factor of the standard deviation: below 1 it explores less than standard Thompson sampling, and earns more. */
  kappa: number;
}

const MAX_DRAWS = 256;

export const DEFAULT_SAMPLING: Sampling = { draws: 64, kappa: 0.4 };

const REACH = 16;
const PER_UNIT = 64;
const LOGISTIC = Float64Array.from({ length: 2 * REACH * PER_UNIT + 1 }, (_, i) =>
  logistic(i / PER_UNIT - REACH),
);

/** Scratch arrays, reused by every call because allocating arrays of this length is slow. */
const BEST = new Float64Array(MAX_DRAWS);
const WINNER = new Int32Array(MAX_DRAWS);
const REWARDS = new Float64Array(MAX_DRAWS);

/**
 * Thompson sampling (Thompson, 1933; Chapelle and Li, "An Empirical Evaluation of Thompson Sampling", 2011): the share of
 * sampled worlds in which each option has the best score. Its baseline is sampled and subtracted in each world. Each arm
 * has its own random numbers, so adding or removing an option doesn't change the draws of the others. Of equal scores
 * the earlier option wins.
 */
export function sampleWinShares(
  options: ArbitrationOption[],
  key: Readonly<Block>,
  sampling: Sampling = DEFAULT_SAMPLING,
): Float64Array {
  const draws = Math.min(sampling.draws, MAX_DRAWS);
  const baselines = new Map<ArmEstimate, Float64Array>();
  BEST.fill(-Infinity);
  for (let index = 0; index < options.length; index++) {
    const { arm, baseline: without, stake, deduction: deducted } = options[index] as ArbitrationOption;
    if (arm) sampleRewards(REWARDS, draws, arm, key, sampling.kappa);
    else REWARDS.fill(0);
    if (without) subtract(REWARDS, baselineOf(without));
    for (let m = 0; m < draws; m++) {
      const score = stake * (REWARDS[m] as number) - deducted;
      if (score > (BEST[m] as number)) {
        BEST[m] = score;
        WINNER[m] = index;
      }
    }
  }
  const shares = new Float64Array(options.length);
  for (let m = 0; m < draws; m++) {
    const index = WINNER[m] as number;
    shares[index] = (shares[index] as number) + 1 / draws;
  }
  return shares;

  function baselineOf(estimate: ArmEstimate): Float64Array {
    const cached = baselines.get(estimate);
    if (cached) return cached;
    const rewards = new Float64Array(draws);
    sampleRewards(rewards, draws, estimate, key, sampling.kappa);
    baselines.set(estimate, rewards);
    return rewards;
  }
}

function subtract(from: Float64Array, amounts: Float64Array): void {
  for (let m = 0; m < amounts.length; m++) from[m] = (from[m] as number) - (amounts[m] as number);
}

function sampleRewards(
  rewards: Float64Array,
  draws: number,
  { tag, belief, binary }: ArmEstimate,
  key: Readonly<Block>,
  kappa: number,
): void {
  const { mean } = belief;
  const width = kappa * belief.spread;
  coarseNormals(rewards, draws, key, tag);
  for (let m = 0; m < draws; m++) {
    const z = mean + width * (rewards[m] as number);
    rewards[m] = binary ? interpolateLogistic(z) : z;
  }
}

/** The logistic function, interpolated linearly between 2,048 points. Its relative error of 1e-4 is far below the noise. */
function interpolateLogistic(z: number): number {
  const place = (z + REACH) * PER_UNIT;
  if (!(place >= 0 && place < LOGISTIC.length - 1)) return logistic(z);
  const cell = Math.floor(place);
  const left = LOGISTIC[cell] as number;
  return left + (place - cell) * ((LOGISTIC[cell + 1] as number) - left);
}
