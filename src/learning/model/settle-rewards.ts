import type { Instant, Millis } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { Observation } from './fold-deltas.ts';

/** A decision that waits for its reward. */
export interface PendingReward {
  decisionId: string;
  arm: string;
  featureSchema: string;
  features: number[];
  at: Instant;
  /** Outcomes count for this long after `at`. */
  within: Millis;
  /** `any`: 1 if an outcome came, otherwise 0. `sum`: the sum of the amounts. */
  reward: 'any' | 'sum';
}

export interface RewardOutcome {
  /** Id of the event; an event counts once. */
  id: string;
  decisionId: string;
  at: Instant;
  /** 1 for an event without an amount, otherwise the amount. */
  value: number;
}

type OutcomeStatus = 'counted' | 'unknown_decision' | 'twice' | 'late' | 'early' | 'not_finite';

export interface Settlement {
  /** Rewards whose window is over. A reward isn't used earlier: rewards that come quickly would count too much. */
  observations: Observation[];
  /** Ids of decisions whose window is still open. */
  openDecisions: string[];
  /** The status of each outcome, in the order of the input. */
  outcomes: { id: string; status: OutcomeStatus }[];
}

/**
 * Assigns outcomes to their decisions, and closes each decision whose window is over at `now`. `settled` are the ids of
 * decisions that were closed before: their outcomes are late, whatever the outcome's time is.
 */
export function settleRewards(
  pending: PendingReward[],
  outcomes: RewardOutcome[],
  now: Instant,
  settled: ReadonlySet<string> = new Set(),
): Settlement {
  const decisions = Object.fromEntries(pending.map((decision) => [decision.decisionId, decision]));
  const sums = new Map<string, number>();
  const seen = new Set<string>();
  const judged = outcomes.map((outcome) => {
    const decision = getOwn(decisions, outcome.decisionId);
    const status = judgeOutcome(outcome, decision, seen, settled);
    if (status === 'counted') {
      seen.add(outcome.id);
      sums.set(outcome.decisionId, (sums.get(outcome.decisionId) ?? 0) + outcome.value);
    }
    return { id: outcome.id, status };
  });
  const isOver = ({ at, within, decisionId }: PendingReward) =>
    at + within <= now && !settled.has(decisionId);
  return {
    observations: pending
      .filter(isOver)
      .map((decision) => observe(decision, sums.get(decision.decisionId) ?? 0)),
    openDecisions: pending.filter(({ at, within }) => at + within > now).map(({ decisionId }) => decisionId),
    outcomes: judged,
  };
}

function judgeOutcome(
  { id, decisionId, at, value }: RewardOutcome,
  decision: PendingReward | undefined,
  seen: Set<string>,
  settled: ReadonlySet<string>,
): OutcomeStatus {
  if (seen.has(id)) return 'twice';
  if (settled.has(decisionId)) return 'late';
  if (!decision) return 'unknown_decision';
  if (!Number.isFinite(value) || !Number.isFinite(at)) return 'not_finite';
  if (at < decision.at) return 'early';
  return at >= decision.at + decision.within ? 'late' : 'counted';
}

function observe(
  { decisionId, arm, featureSchema, features, at, reward }: PendingReward,
  sum: number,
): Observation {
  return {
    decisionId,
    arm,
    featureSchema,
    features,
    at,
    reward: reward === 'any' ? (sum > 0 ? 1 : 0) : sum,
  };
}
