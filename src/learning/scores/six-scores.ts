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
  /** Last night's; null before the first night. */
  fitted: FittedScores | null;
  /** The workspace's ideal profile, and who answers it for this customer. */
  ideal: { rules: readonly IdealRule[]; holds: EvaluateRule };
  now: Instant;
  engagement?: EngagementSettings;
  intent?: IntentSettings;
}

/** The six scores of a customer at `now`, each in [0, 1] with its reasons. 1 is best: recency 1 bought latest. */
export function explainSixScores(input: SixScoresInput): Record<ScoreName, Score> {
  const { history, ideal, now } = input;
  const { value, because } = explainIntent(history, now, input.intent ?? DEFAULT_INTENT);
  return {
    ...bought(input),
    intent: { value, because },
    type: explainTypeFit(ideal.rules, ideal.holds),
    engagement: explainEngagement(history.touches, now, input.engagement ?? DEFAULT_ENGAGEMENT),
  };
}

/** The same without the reasons: what every decision asks for. */
export function computeSixValues({
  history,
  fitted,
  ideal,
  now,
  engagement,
  intent,
}: SixScoresInput): Record<ScoreName, number> {
  const facts = summarizePurchases(history, now);
  const among = (value: number, of: 'recency' | 'frequency' | 'monetary') =>
    findRank(value, fitted?.ranks[of] ?? []);
  return {
    recency: facts ? among(computeRecency(facts.last, now), 'recency') : 0,
    frequency: facts ? among(facts.orders, 'frequency') : 0,
    monetary: facts ? among(facts.spend, 'monetary') : 0,
    intent: computeIntentValue(history, now, intent),
    type: ideal.rules.length === 0 ? 0 : explainTypeFit(ideal.rules, ideal.holds).value,
    engagement: computeEngagementValue(history.touches, now, engagement),
  };
}

/** Where the customer stands among the workspace's buyers. Who never bought has none of the three. */
function bought({
  history,
  fitted,
  now,
}: SixScoresInput): Record<'recency' | 'frequency' | 'monetary', Score> {
  const facts = summarizePurchases(history, now);
  if (facts === null) {
    const never: Score = { value: 0, because: [{ name: 'purchases', observed: 0, adds: 0 }] };
    return { recency: never, frequency: never, monetary: never };
  }
  const days = computeRecency(facts.last, now);
  const among = (name: string, value: number, observed: number, of: 'recency' | 'frequency' | 'monetary') =>
    standing({ name, observed, adds: 0 }, value, fitted?.ranks[of] ?? [], fitted?.quintiles[of] ?? []);
  return {
    recency: among('days since the last purchase', days, -days, 'recency'),
    frequency: among('orders', facts.orders, facts.orders, 'frequency'),
    monetary: among('spend', facts.spend, facts.spend, 'monetary'),
  };
}

function standing(observed: ScoreReason, value: number, ranks: Ranks, cuts: Cuts): Score {
  const rank = findRank(value, ranks);
  if (ranks.length === 0)
    return { value: rank, because: [observed, { name: 'not fitted yet', observed: null, adds: rank }] };
  return {
    value: rank,
    because: [observed, { name: 'quintile', observed: findQuintile(value, cuts), adds: rank }],
  };
}
