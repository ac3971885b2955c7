import type { Order } from '../../domain/customer/commerce.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { ConditionFacts, Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { computeSuppression } from '../../domain/ticket-suppression.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import { UTC } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { buildValueSettings } from './clv/lifetime-value.ts';
import { buildCustomerHistory } from './customer-history.ts';
import { computeNamedScores, type NamedScoresInput } from './named-scores.ts';
import type { EvaluateRule } from './type-fit.ts';
import type { FittedScores } from './types.ts';

/** What the scores of one customer are computed from. */
export interface ScoresRequest {
  bundle: Bundle;
  /** The last nightly fit; null before the first one. */
  fitted: FittedScores | null;
  now: Instant;
  /** Evaluates the rules of the workspace's ideal profile for this customer. */
  evaluate: Evaluator;
  /** As conditions see them. */
  facts: ConditionFacts;
}

/**
 * Computes the scores that conditions can read. Scores that end in `At` are instants.
 *
 * `value`: lifetime spend s in the workspace's currency, as s / (s + half): 0 for a new customer, 0.5 at `half`, 0.8 at
 * four times `half`.
 *
 * The others are those of {@link computeNamedScores}. `overdueAt` and `lapsedAt` say when the next order is late, and
 * when it is no longer expected. They come from the nightly fit, or from {@link estimateRhythm} while there is none.
 */
export function computeScores(request: ScoresRequest): Record<string, number> {
  const scores = computeNamedScores(buildScoringInput(request));
  scores.value = computeValueScore(request);
  // Not copied: a copy would read, and so compute, the scores that are computed on demand.
  if (scores.overdueAt === undefined) Object.assign(scores, estimateRhythm(request.facts.profile.orders));
  return scores;
}

/** Builds the input of the scores. */
export function buildScoringInput(
  request: ScoresRequest,
): NamedScoresInput & { value: NonNullable<NamedScoresInput['value']> } {
  const { facts, bundle, now } = request;
  const { workspace } = bundle;
  const fitted = usableFit(request.fitted, bundle);
  return {
    history: buildCustomerHistory(facts.profile, workspace.currency),
    fitted,
    ideal: { rules: workspace.ideal, holds: createRuleEvaluator(request) },
    now,
    zone: fitted?.zone ?? UTC,
    value: buildValueSettings(workspace.worth),
  };
}

/** A fit of another format, or in another currency, can't be used. */
function usableFit(fitted: FittedScores | null, { workspace }: Bundle): FittedScores | null {
  return fitted?.format === 1 && fitted.currency === workspace.currency ? fitted : null;
}

function computeValueScore({ facts, bundle }: ScoresRequest): number {
  const { currency, valueHalf } = bundle.workspace;
  const spend = Math.max(0, getOwn(facts.profile.spend, currency) ?? 0);
  return spend / (spend + valueHalf);
}

/** Rules of the ideal profile read what marketing may read, and of the scores only `value`. */
function createRuleEvaluator(request: ScoresRequest): EvaluateRule {
  const { facts, bundle, now, evaluate } = request;
  const suppressed = computeSuppression(bundle.workspace.tickets, facts.tickets, now);
  const scores = { value: computeValueScore(request) };
  // One scope for all rules: its variables are prepared once.
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
 * Estimates when an order is late without a fitted model. With g the mean gap between the stored orders: the last order
 * plus 2·g and 4·g, but no less than 30 and 60 days. After a single order: 90 and 180 days. Nothing without an order.
 * Cancelled orders don't count; refunded ones do.
 */
function estimateRhythm(orders: Order[]): { overdueAt?: Instant; lapsedAt?: Instant } {
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
