import { proportionInterval } from '../../maths/proportion-interval.ts';

/** A predicted probability, 0…1, and whether the event occurred. */
export interface Prediction {
  predicted: number;
  occurred: boolean;
}

/** Level of the intervals of bins. */
const LEVEL = 0.95;

/** Cases with similar predictions. */
interface ReliabilityBin {
  cases: number;
  /** Smallest and largest prediction. */
  from: number;
  to: number;
  /** Mean prediction, and the share of cases in which the event occurred: about equal if the model is calibrated. */
  predicted: number;
  occurred: number;
  /** 95 % interval of the share. */
  low: number;
  high: number;
}

export interface Calibration {
  cases: number;
  predicted: number;
  occurred: number;
  bins: ReliabilityBin[];
  /** Expected calibration error: mean of |predicted − occurred| over the bins, weighted by their cases. */
  ece: number;
  /** Brier score: the mean squared error. */
  brier: number;
  /** Brier score of predicting the overall share for every case: a useful model is better. */
  brierOfMean: number;
  /** Number of predictions that are outside 0…1 or not numbers; the other numbers leave them out. */
  faulty: number;
}

/**
 * Measures the calibration of predictions (D-15): reliability bins, expected calibration error (Naeini, Cooper and
 * Hauskrecht, 2015) and Brier score (Brier, 1950). Bins have about equal numbers of cases, because most predictions are
 * small and bins of equal width would put nearly all into one; equal predictions are always in one bin. Null without cases.
 */
export function computeCalibration(predictions: readonly Prediction[], bins = 10): Calibration | null {
  const valid = predictions.filter(({ predicted }) => predicted >= 0 && predicted <= 1);
  if (valid.length === 0) return null;
  const sorted = [...valid].sort((a, b) => a.predicted - b.predicted);
  const parts = splitIntoParts(sorted, bins).map(buildBin);
  const whole = buildBin(sorted);
  return {
    cases: valid.length,
    predicted: whole.predicted,
    occurred: whole.occurred,
    bins: parts,
    ece:
      parts.reduce((sum, bin) => sum + bin.cases * Math.abs(bin.predicted - bin.occurred), 0) / valid.length,
    brier: mean(sorted.map(({ predicted, occurred: happened }) => (predicted - Number(happened)) ** 2)),
    brierOfMean: whole.occurred * (1 - whole.occurred),
    faulty: predictions.length - valid.length,
  };
}

function splitIntoParts(sorted: readonly Prediction[], bins: number): Prediction[][] {
  const parts: Prediction[][] = [];
  let part: Prediction[] = [];
  sorted.forEach((prediction, i) => {
    part.push(prediction);
    const full = i + 1 >= ((parts.length + 1) * sorted.length) / bins;
    if (full && sorted[i + 1]?.predicted !== prediction.predicted) {
      parts.push(part);
      part = [];
    }
  });
  return part.length > 0 ? [...parts, part] : parts;
}

function buildBin(cases: readonly Prediction[]): ReliabilityBin {
  const occurred = cases.filter((prediction) => prediction.occurred).length;
  return {
    cases: cases.length,
    from: (cases[0] as Prediction).predicted,
    to: (cases.at(-1) as Prediction).predicted,
    predicted: mean(cases.map(({ predicted }) => predicted)),
    occurred: occurred / cases.length,
    ...proportionInterval(occurred, cases.length, LEVEL),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
