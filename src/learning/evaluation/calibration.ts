/** What was predicted for a case, 0…1, and what came. */
export interface Prediction {
  predicted: number;
  occurred: boolean;
}

/** Cases with predictions close to each other. */
interface ReliabilityBin {
  cases: number;
  /** Smallest and largest prediction. */
  from: number;
  to: number;
  /** Mean prediction, and the share for whom it happened: alike, if the model is calibrated. */
  predicted: number;
  occurred: number;
}

export interface Calibration {
  cases: number;
  predicted: number;
  occurred: number;
  bins: ReliabilityBin[];
  /** Expected calibration error: the bins' distances between predicted and happened, weighted by their cases. */
  ece: number;
  /** Mean squared error. */
  brier: number;
  /** Of predicting the overall share for everybody: a model that doesn't beat it knows nothing. */
  brierOfMean: number;
  /** Predictions outside 0…1 or not numbers; they are in no other number. */
  faulty: number;
}

/**
 * D-15: how far predictions can be taken at their word. Bins hold about equally many cases, since most predictions are
 * small and bins of equal width would put them into one; equal predictions are never parted. Null without cases.
 */
export function computeCalibration(predictions: readonly Prediction[], bins = 10): Calibration | null {
  const good = predictions.filter(({ predicted }) => predicted >= 0 && predicted <= 1);
  if (good.length === 0) return null;
  const sorted = [...good].sort((a, b) => a.predicted - b.predicted);
  const parts = partsOf(sorted, bins).map(binOf);
  const whole = binOf(sorted);
  return {
    cases: good.length,
    predicted: whole.predicted,
    occurred: whole.occurred,
    bins: parts,
    ece:
      parts.reduce((sum, bin) => sum + bin.cases * Math.abs(bin.predicted - bin.occurred), 0) / good.length,
    brier: mean(sorted.map(({ predicted, occurred: happened }) => (predicted - Number(happened)) ** 2)),
    brierOfMean: whole.occurred * (1 - whole.occurred),
    faulty: predictions.length - good.length,
  };
}

function partsOf(sorted: readonly Prediction[], bins: number): Prediction[][] {
  const parts: Prediction[][] = [];
  let part: Prediction[] = [];
  sorted.forEach((one, i) => {
    part.push(one);
    const full = i + 1 >= ((parts.length + 1) * sorted.length) / bins;
    if (full && sorted[i + 1]?.predicted !== one.predicted) {
      parts.push(part);
      part = [];
    }
  });
  return part.length > 0 ? [...parts, part] : parts;
}

function binOf(cases: readonly Prediction[]): ReliabilityBin {
  return {
    cases: cases.length,
    from: (cases[0] as Prediction).predicted,
    to: (cases.at(-1) as Prediction).predicted,
    predicted: mean(cases.map((one) => one.predicted)),
    occurred: mean(cases.map((one) => Number(one.occurred))),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
