import type { Instant } from '../../domain/time.ts';
import { buyingFacts } from './buying-facts.ts';
import { ENGAGEMENT, type EngagementSettings, engagementScore, engagementValue } from './engagement.ts';
import { INTENT, type IntentSettings, intentOf, intentValue } from './intent.ts';
import { rankOf } from './ranks.ts';
import { quintile, recencyOf } from './rfm.ts';
import { type Holds, type TypeRule, typeFit } from './type-fit.ts';
import type { Because, CustomerHistory, Cuts, FittedScores, Ranks, Score, ScoreName } from './types.ts';

export interface ScoresInput {
  history: CustomerHistory;
  /** Last night's; null before the first night. */
  fitted: FittedScores | null;
  /** The workspace's ideal profile, and who answers it for this customer. */
  ideal: { rules: readonly TypeRule[]; holds: Holds };
  now: Instant;
  engagement?: EngagementSettings;
  intent?: IntentSettings;
}

/** The six scores of a customer at `now`, each in [0, 1] with its reasons. 1 is best: recency 1 bought latest. */
export function sixScores(input: ScoresInput): Record<ScoreName, Score> {
  const { history, ideal, now } = input;
  const { value, because } = intentOf(history, now, input.intent ?? INTENT);
  return {
    ...bought(input),
    intent: { value, because },
    type: typeFit(ideal.rules, ideal.holds),
    engagement: engagementScore(history.touches, now, input.engagement ?? ENGAGEMENT),
  };
}

/** The same without the reasons: what every decision asks for. */
export function sixValues({
  history,
  fitted,
  ideal,
  now,
  engagement,
  intent,
}: ScoresInput): Record<ScoreName, number> {
  const facts = buyingFacts(history, now);
  const among = (value: number, of: 'recency' | 'frequency' | 'monetary') =>
    rankOf(value, fitted?.ranks[of] ?? []);
  return {
    recency: facts ? among(recencyOf(facts.last, now), 'recency') : 0,
    frequency: facts ? among(facts.orders, 'frequency') : 0,
    monetary: facts ? among(facts.spend, 'monetary') : 0,
    intent: intentValue(history, now, intent),
    type: ideal.rules.length === 0 ? 0 : typeFit(ideal.rules, ideal.holds).value,
    engagement: engagementValue(history.touches, now, engagement),
  };
}

/** Where the customer stands among the workspace's buyers. Who never bought has none of the three. */
function bought({ history, fitted, now }: ScoresInput): Record<'recency' | 'frequency' | 'monetary', Score> {
  const facts = buyingFacts(history, now);
  if (facts === null) {
    const never: Score = { value: 0, because: [{ name: 'purchases', observed: 0, adds: 0 }] };
    return { recency: never, frequency: never, monetary: never };
  }
  const days = recencyOf(facts.last, now);
  const among = (name: string, value: number, observed: number, of: 'recency' | 'frequency' | 'monetary') =>
    standing({ name, observed, adds: 0 }, value, fitted?.ranks[of] ?? [], fitted?.quintiles[of] ?? []);
  return {
    recency: among('days since the last purchase', days, -days, 'recency'),
    frequency: among('orders', facts.orders, facts.orders, 'frequency'),
    monetary: among('spend', facts.spend, facts.spend, 'monetary'),
  };
}

function standing(observed: Because, value: number, ranks: Ranks, cuts: Cuts): Score {
  const rank = rankOf(value, ranks);
  if (ranks.length === 0)
    return { value: rank, because: [observed, { name: 'not fitted yet', observed: null, adds: rank }] };
  return {
    value: rank,
    because: [observed, { name: 'quintile', observed: quintile(value, cuts), adds: rank }],
  };
}
