import { coarseNormals } from '../../maths/coarse-normals.ts';
import { logistic } from '../../maths/elementary.ts';
import type { Block } from '../../maths/philox.ts';
import type { ArmEstimate } from './arm-estimate.ts';
import type { ArbitrationOption } from './option.ts';

export interface Sampling {
  /** How many worlds are imagined: at most 256. */
  draws: number;
  /** How far beliefs are spread: below 1 exploration is more frugal than the textbook's, and does better. */
  kappa: number;
}

const MOST_DRAWS = 256;

export const DEFAULT_SAMPLING: Sampling = { draws: 64, kappa: 0.4 };

const REACH = 16;
const PER_UNIT = 64;
const CHANCES = Float64Array.from({ length: 2 * REACH * PER_UNIT + 1 }, (_, i) =>
  logistic(i / PER_UNIT - REACH),
);

/** Reused by every call, which leaves nothing in them: arrays of this length are dear to make. */
const BEST = new Float64Array(MOST_DRAWS);
const WINNER = new Int32Array(MOST_DRAWS);
const REWARDS = new Float64Array(MOST_DRAWS);

/**
 * Thompson sampling: in how many of the imagined worlds each option is best, as shares. What comes without it is
 * subtracted world by world. Each arm has random numbers of its own, so that who leaves or joins changes nothing about
 * the others' luck. Of equal scores the earlier option wins.
 */
export function sampleWinShares(
  options: ArbitrationOption[],
  key: Readonly<Block>,
  sampling: Sampling = DEFAULT_SAMPLING,
): Float64Array {
  const draws = Math.min(sampling.draws, MOST_DRAWS);
  const baselines = new Map<ArmEstimate, Float64Array>();
  BEST.fill(-Infinity);
  for (let index = 0; index < options.length; index++) {
    const { arm, baseline: without, stake, deduction: deducted } = options[index] as ArbitrationOption;
    if (arm) imagine(REWARDS, draws, arm, key, sampling.kappa);
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

  function baselineOf(one: ArmEstimate): Float64Array {
    const before = baselines.get(one);
    if (before) return before;
    const its = new Float64Array(draws);
    imagine(its, draws, one, key, sampling.kappa);
    baselines.set(one, its);
    return its;
  }
}

function subtract(from: Float64Array, what: Float64Array): void {
  for (let m = 0; m < what.length; m++) from[m] = (from[m] as number) - (what[m] as number);
}

function imagine(
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
    rewards[m] = binary ? chanceOf(z) : z;
  }
}

/** The logistic by straight lines between 2,048 points: right to a relative 1e-4, which no imagined world notices. */
function chanceOf(z: number): number {
  const place = (z + REACH) * PER_UNIT;
  if (!(place >= 0 && place < CHANCES.length - 1)) return logistic(z);
  const cell = Math.floor(place);
  const left = CHANCES[cell] as number;
  return left + (place - cell) * ((CHANCES[cell + 1] as number) - left);
}
