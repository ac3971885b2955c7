/** A logged decision as the evaluation reads it: what was drawn, with which probability, and what came of it. */
export interface LoggedDecision {
  customer: string;
  segment: string | null;
  /** Every arm that could have been drawn, with its probability when it was logged and under the candidate policy. */
  arms: {
    id: string;
    logged: number;
    target: number;
    /** What a reward model expects of this arm here; missing without a model. */
    predicted?: number;
  }[];
  chosen: string;
  reward: number;
}

/** What the estimators need of a decision. */
export interface LoggedRow {
  customer: string;
  segment: string | null;
  reward: number;
  /** Probability of the chosen arm under the policy that was logged. */
  logged: number;
  /** Probability of the chosen arm under the candidate policy. */
  target: number;
  /** Probability that the candidate policy gives to arms that the log could never show. */
  unsupported: number;
  /**
   * Σ target²/logged over all arms: what the square of the weight is on average here. It knows of large weights that
   * happened not to be drawn. Null where only the chosen arm's probabilities were kept.
   */
  weightSquare: number | null;
  /** What a reward model expects of the chosen arm, and of the candidate policy; null without a model. */
  model: { chosen: number; policy: number } | null;
}

/** Why a row can't be evaluated. */
export type RowFault =
  | 'unknown_arm'
  | 'not_a_distribution'
  | 'bad_reward'
  | 'bad_propensity'
  | 'bad_prediction';

/** Rounding of stored probabilities. */
const TOLERANCE = 1e-4;

/** Reads a whole decision. What can't be evaluated comes back as its reason, never as a number. */
export function buildLoggedRow(decision: LoggedDecision): LoggedRow | RowFault {
  const { arms, customer, segment, reward } = decision;
  const chosen = arms.find((arm) => arm.id === decision.chosen);
  if (!chosen) return 'unknown_arm';
  if (!sumsToOne(arms.map((arm) => arm.logged)) || !sumsToOne(arms.map((arm) => arm.target))) {
    return 'not_a_distribution';
  }
  const unsupported = arms.filter((arm) => arm.logged === 0).reduce((sum, arm) => sum + arm.target, 0);
  const weightSquare = arms
    .filter((arm) => arm.logged > 0)
    .reduce((sum, arm) => sum + (arm.target * arm.target) / arm.logged, 0);
  const model =
    chosen.predicted !== undefined && arms.every((arm) => arm.predicted !== undefined)
      ? {
          chosen: chosen.predicted,
          policy: arms.reduce((sum, arm) => sum + arm.target * (arm.predicted as number), 0),
        }
      : null;
  const { logged, target } = chosen;
  const row = { customer, segment, reward, logged, target, unsupported, weightSquare, model };
  return findRowFault(row) ?? row;
}

/** Why this row can't be evaluated, or null. */
export function findRowFault(row: LoggedRow): RowFault | null {
  const { reward, logged, target, unsupported, weightSquare, model } = row;
  if (!Number.isFinite(reward)) return 'bad_reward';
  if (!(logged > 0 && logged <= 1 + TOLERANCE)) return 'bad_propensity';
  if (!(target >= 0 && target <= 1 + TOLERANCE && unsupported >= 0)) return 'bad_propensity';
  if (weightSquare !== null && !(weightSquare >= 0)) return 'bad_propensity';
  if (model && !(Number.isFinite(model.chosen) && Number.isFinite(model.policy))) return 'bad_prediction';
  return null;
}

function sumsToOne(probabilities: number[]): boolean {
  const sum = probabilities.reduce((a, b) => a + b, 0);
  return probabilities.every((p) => p >= 0) && Math.abs(sum - 1) <= TOLERANCE;
}
