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
  /** The smallest difference in reward per decision that matters. */
  relevantDifference: number;
  /** Weights above are cut off; null leaves them. 200 is what a floor of 0.005 under every arm allows. */
  clip?: number | null;
  level?: number;
}

export interface PolicyValue {
  rows: number;
  customers: number;
  /** Reward per decision under the policy that was logged. */
  logged: Interval | null;
  ips: Interval | null;
  snips: Interval | null;
  /** Null without a reward model. */
  doublyRobust: Interval | null;
  /** The candidate's value less what was logged: by the doubly robust estimate if there is one, else by SNIPS. */
  uplift: Interval | null;
  weights: WeightReport | null;
  verdict: PolicyVerdict;
  reasons: EvaluationDoubt[];
}

export interface Evaluation extends PolicyValue {
  /** Rows that couldn't be read, by reason. They are in no number. */
  faults: { fault: RowFault; rows: number }[];
  /** By name; rows without a segment last. */
  segments: ({ segment: string | null } & PolicyValue)[];
}

const MOST_FAULTY = 0.01;

/**
 * What a candidate policy would have earned per decision, from the log of another policy. It refuses to say where the
 * log can't carry an answer.
 */
export function evaluatePolicy(rows: readonly LoggedRow[], options: EvaluationOptions): Evaluation {
  const faults = new Map<RowFault, number>();
  const good = rows.filter((row) => {
    const fault = findRowFault(row);
    if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    return fault === null;
  });
  const faulty = rows.length - good.length > MOST_FAULTY * rows.length;
  const overall = policyValueOf(good, options, faulty);
  const segments = [...new Set(good.map((row) => row.segment))].sort(byName);
  return {
    ...overall,
    faults: [...faults].map(([fault, count]) => ({ fault, rows: count })),
    segments: segments.map((segment) => ({
      segment,
      ...(segments.length === 1
        ? overall
        : policyValueOf(
            good.filter((row) => row.segment === segment),
            options,
            faulty,
          )),
    })),
  };
}

function policyValueOf(rows: readonly LoggedRow[], options: EvaluationOptions, faulty: boolean): PolicyValue {
  if (rows.length === 0) return { ...NOTHING, reasons: ['no_rows'] };
  const most = options.clip === undefined ? 200 : options.clip;
  const weights = clipWeights(computeWeights(rows), most);
  const weighted: WeightedRow[] = rows.map((row, i) => ({ ...row, weight: weights[i] as number }));
  const customers = rows.map((row) => row.customer);
  const interval = (estimate: Estimate) => intervalOf(estimate, customers, options.level ?? 0.95);
  const logged = estimateOnPolicy(rows);
  const [calm, robust] = [estimateSnips(weighted), estimateDoublyRobust(weighted)];
  const best = robust ?? calm;
  const report = reportWeights(rows, most);
  const uplift = best && interval(subtractEstimates(best, logged));
  const reasons = findDoubts(report, [best && interval(best), uplift], options.relevantDifference, faulty);
  return {
    rows: rows.length,
    customers: new Set(customers).size,
    logged: interval(logged),
    ips: interval(estimateIps(weighted)),
    snips: calm && interval(calm),
    doublyRobust: robust && interval(robust),
    uplift,
    weights: report,
    verdict: reasons.length > 0 || !uplift ? 'insufficient' : uplift.low > 0 ? 'ship' : 'hold',
    reasons,
  };
}

const NOTHING: PolicyValue = {
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

function intervalOf({ value, influence }: Estimate, customers: readonly string[], level: number): Interval {
  const error = computeStandardError(influence, customers);
  const width = normalQuantile(1 - (1 - level) / 2) * error;
  return { value, low: value - width, high: value + width, standardError: error };
}

/** By name, what has none last. */
function byName(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
