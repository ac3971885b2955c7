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
  /** How long outcomes count. */
  within: Millis;
  /** `any`: 1 when one came, else 0. `sum`: the amounts together. */
  reward: 'any' | 'sum';
}

export interface RewardOutcome {
  /** Of the event that told; the same event counts once. */
  id: string;
  decisionId: string;
  at: Instant;
  /** 1 for something that just happened; an amount otherwise. */
  value: number;
}

type OutcomeStatus = 'counted' | 'unknown_decision' | 'twice' | 'late' | 'early' | 'not_finite';

export interface Settlement {
  /** Rewards whose window is over. Before that a reward isn't learned from: what comes early would count too much. */
  observations: Observation[];
  /** Ids of decisions whose window is open. */
  openDecisions: string[];
  /** What became of each outcome, in step with them. */
  outcomes: { id: string; counting: OutcomeStatus }[];
}

/**
 * Sorts outcomes to their decisions and closes each decision whose window is over at `now`. `settled` are decisions
 * that were closed before: outcomes of theirs are late, whatever their time.
 */
export function settleRewards(
  pending: PendingReward[],
  outcomes: RewardOutcome[],
  now: Instant,
  settled: ReadonlySet<string> = new Set(),
): Settlement {
  const decisions = Object.fromEntries(pending.map((one) => [one.decisionId, one]));
  const sums = new Map<string, number>();
  const seen = new Set<string>();
  const judged = outcomes.map((outcome) => {
    const decision = getOwn(decisions, outcome.decisionId);
    const counting = judge(outcome, decision, seen, settled);
    if (counting === 'counted') {
      seen.add(outcome.id);
      sums.set(outcome.decisionId, (sums.get(outcome.decisionId) ?? 0) + outcome.value);
    }
    return { id: outcome.id, counting };
  });
  const over = (one: PendingReward) => one.at + one.within <= now && !settled.has(one.decisionId);
  return {
    observations: pending.filter(over).map((one) => observation(one, sums.get(one.decisionId) ?? 0)),
    openDecisions: pending.filter((one) => one.at + one.within > now).map((one) => one.decisionId),
    outcomes: judged,
  };
}

function judge(
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

function observation(
  { decisionId, arm, featureSchema: shape, features: x, at, reward }: PendingReward,
  sum: number,
): Observation {
  return {
    decisionId,
    arm,
    featureSchema: shape,
    features: x,
    at,
    reward: reward === 'any' ? (sum > 0 ? 1 : 0) : sum,
  };
}
