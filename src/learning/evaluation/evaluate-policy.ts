import { normalQuantile } from '../../maths/normal.ts';
import {
  computeStandardError,
  type Estimate,
  estimateDoublyRobust,
  estimateIps,
  estimateOnPolicy,
  estimateSnips,
  subtractEstimates,
  type WeightedRow,
} from './estimators.ts';
import { findRowFault, type LoggedRow, type RowFault } from './logged-decision.ts';
import { type EvaluationDoubt, findDoubts, type Interval, type PolicyVerdict } from './policy-verdict.ts';
import { clipWeights, computeWeights, reportWeights, type WeightReport } from './weights.ts';

export interface EvaluationOptions {
  /** The smallest relevant difference in reward per decision. */
  relevantDifference: number;
  /**
   * Weights above this are clipped; null clips none. The default 200 is the largest weight that the exploration floor of
   * 0.005 allows.
   */
  clip?: number | null;
  level?: number;
}

export interface PolicyValue {
  rows: number;
  customers: number;
  /** Reward per decision under the logged policy. */
  logged: Interval | null;
  ips: Interval | null;
  snips: Interval | null;
  /** Null without a model's predictions. */
  doublyRobust: Interval | null;
  /** The candidate's value minus the logged policy's: by the doubly robust estimate if there is one, otherwise by SNIPS. */
  uplift: Interval | null;
  weights: WeightReport | null;
  verdict: PolicyVerdict;
  reasons: EvaluationDoubt[];
}

export interface Evaluation extends PolicyValue {
  /** Number of invalid rows by reason. All other numbers leave them out. */
  faults: { fault: RowFault; rows: number }[];
  /** The same numbers by segment, sorted by name; rows without a segment last. */
  segments: ({ segment: string | null } & PolicyValue)[];
}

const MAX_FAULTY_SHARE = 0.01;

/**
 * Estimates what a candidate policy would have earned per decision, from the log of another policy (off-policy
 * evaluation). The verdict is `insufficient`, with reasons, if the log can't support an answer.
 */
export function evaluatePolicy(rows: readonly LoggedRow[], options: EvaluationOptions): Evaluation {
  const faults = new Map<RowFault, number>();
  const validRows = rows.filter((row) => {
    const fault = findRowFault(row);
    if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    return fault === null;
  });
  const faulty = rows.length - validRows.length > MAX_FAULTY_SHARE * rows.length;
  const overall = estimatePolicyValue(validRows, options, faulty);
  const segments = [...new Set(validRows.map((row) => row.segment))].sort(compareNames);
  return {
    ...overall,
    faults: [...faults].map(([fault, count]) => ({ fault, rows: count })),
    segments: segments.map((segment) => ({
      segment,
      ...(segments.length === 1
        ? overall
        : estimatePolicyValue(
            validRows.filter((row) => row.segment === segment),
            options,
            faulty,
          )),
    })),
  };
}

function estimatePolicyValue(
  rows: readonly LoggedRow[],
  options: EvaluationOptions,
  faulty: boolean,
): PolicyValue {
  if (rows.length === 0) return { ...NO_VALUE, reasons: ['no_rows'] };
  const maxWeight = options.clip === undefined ? 200 : options.clip;
  const weights = clipWeights(computeWeights(rows), maxWeight);
  const weighted: WeightedRow[] = rows.map((row, i) => ({ ...row, weight: weights[i] as number }));
  const customers = rows.map((row) => row.customer);
  const buildInterval = (estimate: Estimate) => computeInterval(estimate, customers, options.level ?? 0.95);
  const logged = estimateOnPolicy(rows);
  const [snipsEstimate, doublyRobustEstimate] = [estimateSnips(weighted), estimateDoublyRobust(weighted)];
  const best = doublyRobustEstimate ?? snipsEstimate;
  const report = reportWeights(rows, maxWeight);
  const uplift = best && buildInterval(subtractEstimates(best, logged));
  const reasons = findDoubts(
    report,
    [best && buildInterval(best), uplift],
    options.relevantDifference,
    faulty,
  );
  return {
    rows: rows.length,
    customers: new Set(customers).size,
    logged: buildInterval(logged),
    ips: buildInterval(estimateIps(weighted)),
    snips: snipsEstimate && buildInterval(snipsEstimate),
    doublyRobust: doublyRobustEstimate && buildInterval(doublyRobustEstimate),
    uplift,
    weights: report,
    verdict: reasons.length > 0 || !uplift ? 'insufficient' : uplift.low > 0 ? 'ship' : 'hold',
    reasons,
  };
}

const NO_VALUE: PolicyValue = {
  rows: 0,
  customers: 0,
  logged: null,
  ips: null,
  snips: null,
  doublyRobust: null,
  uplift: null,
  weights: null,
  verdict: 'insufficient',
  reasons: [],
};

function computeInterval(
  { value, influence }: Estimate,
  customers: readonly string[],
  level: number,
): Interval {
  const error = computeStandardError(influence, customers);
  const width = normalQuantile(1 - (1 - level) / 2) * error;
  return { value, low: value - width, high: value + width, standardError: error };
}

/** Compares by name; null comes last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
