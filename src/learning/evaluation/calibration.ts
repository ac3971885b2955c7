import { groupBy } from '../../domain/values/group-by.ts';
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

/** Cases with the same prediction, or with predictions that are taken for the same. */
export interface PredictionGroup {
  /** Null: outside 0…1, or not a number. */
  value: number | null;
  cases: number;
  occurred: number;
  /** Sums of the predictions, of their squares, and of those where the event occurred. */
  predicted: number;
  squared: number;
  hits: number;
}

/**
 * Measures the calibration of predictions (D-15): reliability bins, expected calibration error (Naeini, Cooper and
 * Hauskrecht, 2015) and Brier score (Brier, 1950). Bins have about equal numbers of cases, because most predictions are
 * small and bins of equal width would put nearly all into one; equal predictions are always in one bin. Null without cases.
 */
export function computeCalibration(predictions: readonly Prediction[], bins = 10): Calibration | null {
  const groups = groupBy(predictions, ({ predicted }) => (isProbability(predicted) ? predicted : null));
  return calibrateGroups(
    [...groups].map(([value, own]) => {
      const hits = own.filter(({ occurred }) => occurred);
      const sum = (all: readonly Prediction[]) => all.reduce((total, { predicted }) => total + predicted, 0);
      const squared = own.reduce((total, { predicted }) => total + predicted ** 2, 0);
      const cases = own.length;
      return { value, cases, occurred: hits.length, predicted: sum(own), squared, hits: sum(hits) };
    }),
    bins,
  );
}

export function isProbability(predicted: number): boolean {
  return predicted >= 0 && predicted <= 1;
}

/** As `computeCalibration`, of predictions in groups. */
export function calibrateGroups(groups: readonly PredictionGroup[], bins = 10): Calibration | null {
  const valid = groups.filter(isValid);
  if (valid.length === 0) return null;
  const sorted = valid.sort((a, b) => a.value - b.value);
  const { predicted, occurred, cases } = buildBin(sorted);
  const parts = splitIntoParts(sorted, cases, bins).map(buildBin);
  const squares = sorted.reduce((sum, group) => sum + group.squared - 2 * group.hits + group.occurred, 0);
  return {
    cases,
    predicted,
    occurred,
    bins: parts,
    ece: parts.reduce((sum, bin) => sum + bin.cases * Math.abs(bin.predicted - bin.occurred), 0) / cases,
    brier: squares / cases,
    brierOfMean: occurred * (1 - occurred),
    faulty: groups.reduce((sum, group) => sum + (group.value === null ? group.cases : 0), 0),
  };
}

type ValidGroup = PredictionGroup & { value: number };

function isValid(group: PredictionGroup): group is ValidGroup {
  return group.value !== null && group.cases > 0;
}

function splitIntoParts(sorted: readonly ValidGroup[], cases: number, bins: number): ValidGroup[][] {
  const parts: ValidGroup[][] = [];
  let part: ValidGroup[] = [];
  let before = 0;
  for (const group of sorted) {
    part.push(group);
    before += group.cases;
    if (before < ((parts.length + 1) * cases) / bins) continue;
    parts.push(part);
    part = [];
  }
  return part.length > 0 ? [...parts, part] : parts;
}

function buildBin(groups: readonly ValidGroup[]): ReliabilityBin {
  const sum = (of: (group: ValidGroup) => number) => groups.reduce((total, group) => total + of(group), 0);
  const cases = sum((group) => group.cases);
  const occurred = sum((group) => group.occurred);
  return {
    cases,
    from: (groups[0] as ValidGroup).value,
    to: (groups.at(-1) as ValidGroup).value,
    predicted: sum((group) => group.predicted) / cases,
    occurred: occurred / cases,
    ...proportionInterval(occurred, cases, LEVEL),
  };
}
