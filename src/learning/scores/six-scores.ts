import type { Instant } from '../../domain/time/time.ts';
import { summarizePurchases } from './buying-facts.ts';
import {
  computeEngagementValue,
  DEFAULT_ENGAGEMENT,
  type EngagementSettings,
  explainEngagement,
} from './engagement.ts';
import { computeIntentValue, DEFAULT_INTENT, explainIntent, type IntentSettings } from './intent.ts';
import { findRank } from './ranks.ts';
import { computeRecency, findQuintile } from './rfm.ts';
import { type EvaluateRule, explainTypeFit, type IdealRule } from './type-fit.ts';
import type { CustomerHistory, Cuts, FittedScores, Ranks, Score, ScoreName, ScoreReason } from './types.ts';

export interface SixScoresInput {
  history: CustomerHistory;
  /** The last nightly fit; null before the first one. */
  fitted: FittedScores | null;
  /** The workspace's ideal profile, and an evaluator of its rules for this customer. */
  ideal: { rules: readonly IdealRule[]; holds: EvaluateRule };
  now: Instant;
  engagement?: EngagementSettings;
  intent?: IntentSettings;
}

/** Computes the six scores of a customer at `now`, each in [0, 1] with its reasons. 1 is best: recency 1 is the latest. */
export function explainSixScores(input: SixScoresInput): Record<ScoreName, Score> {
  const { history, ideal, now } = input;
  const { value, because } = explainIntent(history, now, input.intent ?? DEFAULT_INTENT);
  return {
    ...rankPurchases(input),
    intent: { value, because },
    type: explainTypeFit(ideal.rules, ideal.holds),
    engagement: explainEngagement(history.touches, now, input.engagement ?? DEFAULT_ENGAGEMENT),
  };
}

/** Computes the same scores without their reasons, as every decision needs them. */
export function computeSixValues({
  history,
  fitted,
  ideal,
  now,
  engagement,
  intent,
}: SixScoresInput): Record<ScoreName, number> {
  const facts = summarizePurchases(history, now);
  const rankAmong = (value: number, of: 'recency' | 'frequency' | 'monetary') =>
    findRank(value, fitted?.ranks[of] ?? []);
  return {
    recency: facts ? rankAmong(computeRecency(facts.last, now), 'recency') : 0,
    frequency: facts ? rankAmong(facts.orders, 'frequency') : 0,
    monetary: facts ? rankAmong(facts.spend, 'monetary') : 0,
    intent: computeIntentValue(history, now, intent),
    type: ideal.rules.length === 0 ? 0 : explainTypeFit(ideal.rules, ideal.holds).value,
    engagement: computeEngagementValue(history.touches, now, engagement),
  };
}

/** Ranks the customer among the workspace's buyers. Without a purchase all three are 0. */
function rankPurchases({
  history,
  fitted,
  now,
}: SixScoresInput): Record<'recency' | 'frequency' | 'monetary', Score> {
  const facts = summarizePurchases(history, now);
  if (facts === null) {
    const withoutPurchase: Score = { value: 0, because: [{ name: 'purchases', observed: 0, adds: 0 }] };
    return { recency: withoutPurchase, frequency: withoutPurchase, monetary: withoutPurchase };
  }
  const days = computeRecency(facts.last, now);
  const rankAmong = (
    name: string,
    value: number,
    observed: number,
    of: 'recency' | 'frequency' | 'monetary',
  ) =>
    buildRankScore({ name, observed, adds: 0 }, value, fitted?.ranks[of] ?? [], fitted?.quintiles[of] ?? []);
  return {
    recency: rankAmong('days since the last purchase', days, -days, 'recency'),
    frequency: rankAmong('orders', facts.orders, facts.orders, 'frequency'),
    monetary: rankAmong('spend', facts.spend, facts.spend, 'monetary'),
  };
}

function buildRankScore(observed: ScoreReason, value: number, ranks: Ranks, cuts: Cuts): Score {
  const rank = findRank(value, ranks);
  if (ranks.length === 0)
    return { value: rank, because: [observed, { name: 'not fitted yet', observed: null, adds: rank }] };
  return {
    value: rank,
    because: [observed, { name: 'quintile', observed: findQuintile(value, cuts), adds: rank }],
  };
}
