/** A logged decision as the evaluation reads it: the drawn arm, all probabilities, and the reward. */
export interface LoggedDecision {
  customer: string;
  segment: string | null;
  /** Every arm that could have been drawn, with its probability when it was logged and under the candidate policy. */
  arms: {
    id: string;
    logged: number;
    target: number;
    /** The model's predicted reward of this arm for this decision; missing without a model. */
    predicted?: number;
  }[];
  chosen: string;
  reward: number;
}

/** What the estimators read of a decision. */
export interface LoggedRow {
  customer: string;
  segment: string | null;
  reward: number;
  /** Probability of the chosen arm under the logged policy. */
  logged: number;
  /** Probability of the chosen arm under the candidate policy. */
  target: number;
  /** Probability that the candidate policy gives to arms with the logged probability 0. */
  unsupported: number;
  /**
   * Σ target²/logged over all arms: the expected square of the weight, including large weights that were not drawn. Null
   * if only the probabilities of the chosen arm were stored.
   */
  weightSquare: number | null;
  /** The model's predicted reward of the chosen arm, and of the candidate policy; null without a model. */
  model: { chosen: number; policy: number } | null;
}

/** Why a row is invalid. */
export type RowFault =
  | 'unknown_arm'
  | 'not_a_distribution'
  | 'bad_reward'
  | 'bad_propensity'
  | 'bad_prediction';

/** Allowed rounding error of stored probabilities. */
const TOLERANCE = 1e-4;

/** Converts a decision to a row, or returns the reason why it is invalid. */
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

/** Finds the fault of a row; null if it is valid. */
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
