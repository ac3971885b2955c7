import type { Order } from '../../domain/customer/commerce.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Evaluator, ExpressionScope, Facts } from '../../domain/facts.ts';
import { computeSuppression } from '../../domain/ticket.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import { UTC } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { buildValueSettings } from './clv/lifetime-value.ts';
import { buildCustomerHistory } from './customer-history.ts';
import { computeNamedScores, type NamedScoresInput } from './named-scores.ts';
import type { EvaluateRule } from './type-fit.ts';
import type { FittedScores } from './types.ts';

/** Whose scores, when, and by which rules. */
export interface ScoresRequest {
  bundle: Bundle;
  /** Last night's; null before the first night. */
  fitted: FittedScores | null;
  now: Instant;
  /** Answers the rules of the ideal profile for this customer. */
  evaluate: Evaluator;
  /** As conditions see them. */
  facts: Facts;
}

/**
 * Scores that conditions can name. Those that end in `At` are instants.
 *
 * `value`: lifetime spend s in the workspace's currency, as s / (s + half): 0 for a new customer, 0.5 at `half`, 0.8 at
 * four times that.
 *
 * The others are those of {@link computeNamedScores}. `overdueAt` and `lapsedAt`, when the next order is late and when it isn't
 * to be expected any more, come out of the night's fit; until one can say, out of {@link ownRhythm}.
 */
export function computeScores(wanted: ScoresRequest): Record<string, number> {
  const scores = computeNamedScores(buildScoringInput(wanted));
  scores.value = valueScore(wanted);
  // Not copied: what is only reckoned when it is read would be read.
  if (scores.overdueAt === undefined) Object.assign(scores, ownRhythm(wanted.facts.profile.orders));
  return scores;
}

/** What the scores of a customer are made of. */
export function buildScoringInput(
  wanted: ScoresRequest,
): NamedScoresInput & { value: NonNullable<NamedScoresInput['value']> } {
  const { facts, bundle, now } = wanted;
  const { workspace } = bundle;
  const fitted = usableFit(wanted.fitted, bundle);
  return {
    history: buildCustomerHistory(facts.profile, workspace.currency),
    fitted,
    ideal: { rules: workspace.ideal, holds: holdsFor(wanted) },
    now,
    zone: fitted?.zone ?? UTC,
    value: buildValueSettings(workspace.worth),
  };
}

/** A fit of another shape, or in another currency, says nothing. */
function usableFit(fitted: FittedScores | null, { workspace }: Bundle): FittedScores | null {
  return fitted?.format === 1 && fitted.currency === workspace.currency ? fitted : null;
}

function valueScore({ facts, bundle }: ScoresRequest): number {
  const { currency, valueHalf } = bundle.workspace;
  const spend = Math.max(0, getOwn(facts.profile.spend, currency) ?? 0);
  return spend / (spend + valueHalf);
}

/** The ideal profile is for marketing, and reads no more than that may; of the scores it can name `value` alone. */
function holdsFor(wanted: ScoresRequest): EvaluateRule {
  const { facts, bundle, now, evaluate } = wanted;
  const suppressed = computeSuppression(bundle.workspace.tickets, facts.tickets, now);
  const scores = { value: valueScore(wanted) };
  // One scope for all rules: what it can name is made ready once.
  const scope: ExpressionScope = {
    event: null,
    facts,
    suppressed,
    enrollment: null,
    now,
    use: 'marketing',
    scores,
  };
  return (when) => evaluate(when, scope);
}

/**
 * A stand-in with no model behind it. With g the mean gap between the orders kept: the last order plus 2 g and 4 g, but
 * no less than 30 and 60 days. After one order there is no rhythm: 90 and 180 days. Nothing for who never ordered.
 * Cancelled orders were never wanted, refunded ones were.
 */
function ownRhythm(orders: Order[]): { overdueAt?: Instant; lapsedAt?: Instant } {
  const times = orders.filter((order) => order.status !== 'cancelled').map((order) => order.at);
  if (times.length === 0) return {};
  const last = Math.max(...times);
  if (times.length === 1) return { overdueAt: last + 90 * DAY, lapsedAt: last + 180 * DAY };
  const gap = (last - Math.min(...times)) / (times.length - 1);
  return {
    overdueAt: last + Math.max(Math.round(2 * gap), 30 * DAY),
    lapsedAt: last + Math.max(Math.round(4 * gap), 60 * DAY),
  };
}
