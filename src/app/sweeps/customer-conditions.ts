import type { SweptCustomer } from '../../../db/sweeps/sweep-page.ts';
import type { Bundle, Cel } from '../../domain/definition.ts';
import type { Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { type Enrollment, toEntryEvent } from '../../domain/state.ts';
import { computeSuppression } from '../../domain/ticket-suppression.ts';
import { type DateReading, readDate } from '../../domain/time/calendar-date.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';
import { computeScores } from '../../learning/scores/compute-scores.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { buildConditionFacts } from '../decide/facts/build-facts.ts';
import type { ZoneLookup } from '../time-zones.ts';

export interface ConditionDeps {
  evaluate: Evaluator;
  zones: ZoneLookup;
}

/** The definitions and fits that a sweep evaluates customers with. */
export interface SweepDefinitions {
  bundle: Bundle;
  fitted: FittedScores | null;
  /** The fit of the previous sweep, for comparison. */
  previousFit?: FittedScores | null;
}

type Use = ExpressionScope['use'];

/**
 * Evaluates a bundle's conditions for one customer. A sweep uses the results only to select whom it wakes: the decision
 * that follows evaluates again.
 */
export class CustomerConditions {
  readonly customer: SweptCustomer;
  readonly now: Instant;
  private readonly bundle: Bundle;
  private readonly evaluate: Evaluator;
  private readonly scope: Omit<ExpressionScope, 'use'>;
  private readonly computeScoresUnder: (fitted: FittedScores | null) => ExpressionScope['scores'];
  private readonly previousFit: FittedScores | null;
  private previousScores: ExpressionScope['scores'] | undefined;

  constructor(
    deps: ConditionDeps,
    definitions: SweepDefinitions,
    customer: SweptCustomer,
    wallClock: Instant,
  ) {
    const { bundle, fitted, previousFit } = definitions;
    this.customer = customer;
    this.bundle = bundle;
    this.evaluate = deps.evaluate;
    const now = Math.max(wallClock, customer.lastNow);
    const facts = buildConditionFacts(
      customer,
      { workspace: bundle.workspace.id, customerId: customer.id },
      { bundle, zones: deps.zones, now },
    );
    const { evaluate } = deps;
    this.now = now;
    this.previousFit = previousFit ?? null;
    this.computeScoresUnder = (fit) => computeScores({ facts, bundle, fitted: fit, now, evaluate });
    this.scope = {
      event: null,
      facts,
      suppressed: suppressedOf(customer, bundle, now),
      enrollment: null,
      now,
      scores: this.computeScoresUnder(fitted),
    };
  }

  /** Whether the customer is inside a segment; false for a segment that the bundle doesn't define. */
  isInside(id: string, use: Use): boolean {
    const segment = this.bundle.segments.find((candidate) => candidate.id === id);
    return segment !== undefined && this.holds(segment.when, use);
  }

  /** Returns the first stage whose condition holds. */
  evaluateStage(): string | null {
    const { stages } = this.bundle.workspace;
    return stages.find(({ when }) => when === null || this.holds(when, 'marketing'))?.id ?? null;
  }

  /** Whether the expression has a value for this customer. */
  hasValue(expression: Cel, use: Use): boolean {
    const result = this.evaluate(expression, { ...this.scope, use });
    return result.ok && result.value !== null && result.value !== undefined;
  }

  /** Evaluates a date, within an enrollment or outside of any. An expression that fails gives a missing date. */
  evaluateDate(expression: Cel, use: Use, enrollment: Enrollment | null = null): DateReading {
    return this.evaluateDateWith(this.scope.scores, expression, use, enrollment);
  }

  /** Evaluates a date with the scores of the previous fit. */
  evaluateDateUnderPreviousFit(expression: Cel, use: Use, enrollment: Enrollment): DateReading {
    this.previousScores ??= this.computeScoresUnder(this.previousFit);
    return this.evaluateDateWith(this.previousScores, expression, use, enrollment);
  }

  /** The customer's clock and calendar. */
  get zone(): Zone {
    return this.scope.facts.zone;
  }

  private evaluateDateWith(
    scores: ExpressionScope['scores'],
    expression: Cel,
    use: Use,
    enrollment: Enrollment | null,
  ): DateReading {
    const event = enrollment && toEntryEvent(enrollment);
    const result = this.evaluate(expression, { ...this.scope, scores, enrollment, event, use });
    return readDate(result.ok ? result.value : null);
  }

  private holds(condition: Cel, use: Use): boolean {
    const result = this.evaluate(condition, { ...this.scope, use });
    return result.ok && result.value === true;
  }
}

function suppressedOf(
  { tickets, progress }: SweptCustomer,
  bundle: Bundle,
  now: number,
): ExpressionScope['suppressed'] {
  const policy = bundle.workspace.tickets;
  const { marketing, service } = computeSuppression(policy, tickets, now);
  // The progress also holds the cool-downs of tickets that belong to others, which a sweep does not read.
  const isCoolingDown = progress.quietUntil !== null && progress.quietUntil > now;
  return { marketing: marketing || (isCoolingDown && policy.suppress.includes('marketing')), service };
}
