import {
  type Calibration,
  calibrateGroups,
  isProbability,
  type PredictionGroup,
} from '../../learning/evaluation/calibration.ts';
import { fromAmount, fromSquares, fromUnits, toAmount, toUnits } from './exact-units.ts';

/** A prediction and the reward that followed: a probability and 0 or 1, or minor units. */
export interface PredictedReward {
  predicted: number;
  reward: number;
  money: boolean;
}

/** Predicted against observed rewards: of probabilities, and means of amounts in minor units. Null without cases. */
export interface PredictionQuality {
  probabilities: Calibration | null;
  amounts: { cases: number; predicted: number; observed: number } | null;
}

/** Predictions with the same two digits are one group; null: no probability. */
export function groupOf(predicted: number): number | null {
  return isProbability(predicted) ? Number(predicted.toPrecision(2)) : null;
}

/** What a probability adds to its group: cases, occurred, and in exact units predicted, squared and hits. */
export function measureProbability({ predicted, reward }: PredictedReward): bigint[] {
  const occurred = reward > 0 ? 1n : 0n;
  const units = isProbability(predicted) ? toUnits(predicted) : 0n;
  return [1n, occurred, units, units ** 2n, units * occurred];
}

/** What an amount adds: cases, and in exact units predicted and observed. */
export function measureAmount({ predicted, reward }: PredictedReward): bigint[] {
  return [1n, toAmount(predicted), toAmount(reward)];
}

/** Builds the quality from sums of what was measured, by group. */
export function buildQuality(
  probabilities: Iterable<[group: number | null, sums: readonly number[]]>,
  amounts: readonly number[],
): PredictionQuality {
  const groups = [...probabilities].map(
    ([value, [cases = 0, occurred = 0, predicted = 0, squared = 0, hits = 0]]): PredictionGroup => ({
      value,
      cases,
      occurred,
      predicted: fromUnits(predicted),
      squared: fromSquares(squared),
      hits: fromUnits(hits),
    }),
  );
  const [cases = 0, predicted = 0, observed = 0] = amounts;
  const mean = (sum: number) => fromAmount(sum) / cases;
  return {
    probabilities: calibrateGroups(groups),
    amounts: cases === 0 ? null : { cases, predicted: mean(predicted), observed: mean(observed) },
  };
}

/** The quality of these predictions. */
export function computeQuality(rows: readonly PredictedReward[]): PredictionQuality {
  const groups = new Map<number | null, bigint[]>();
  let amounts = [0n, 0n, 0n];
  for (const row of rows) {
    if (row.money) amounts = addUp(amounts, measureAmount(row));
    else {
      const group = groupOf(row.predicted);
      groups.set(group, addUp(groups.get(group) ?? [0n, 0n, 0n, 0n, 0n], measureProbability(row)));
    }
  }
  return buildQuality(
    [...groups].map(([group, sums]) => [group, sums.map(Number)]),
    amounts.map(Number),
  );
}

function addUp(a: bigint[], b: bigint[]): bigint[] {
  return a.map((sum, i) => sum + (b[i] ?? 0n));
}
