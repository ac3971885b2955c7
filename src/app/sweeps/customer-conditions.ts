import type { SweptCustomer } from '../../../db/sweeps/sweep-page.ts';
import { readTrait } from '../../domain/customer/profile.ts';
import type { Bundle, Cel } from '../../domain/definition.ts';
import type { Evaluator, ExpressionScope, Facts } from '../../domain/facts.ts';
import { type Enrollment, toEntryEvent } from '../../domain/state.ts';
import { type DateReading, readDate } from '../../domain/time/calendar-date.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';
import { computeScores } from '../../learning/scores/compute-scores.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import type { ZoneLookup } from '../time-zones.ts';

export interface ConditionDeps {
  evaluate: Evaluator;
  zones: ZoneLookup;
}

/** By which rules and which fit of the scores it is looked. */
export interface SweepDefinitions {
  bundle: Bundle;
  fitted: FittedScores | null;
  /** The one before it; what is asked as of then is asked of that. */
  previousFit?: FittedScores | null;
}

type Use = ExpressionScope['use'];

/** What a bundle's conditions say about one customer now. The decision that follows looks again and has the last word. */
export class CustomerConditions {
  readonly customer: SweptCustomer;
  readonly now: Instant;
  private readonly bundle: Bundle;
  private readonly evaluate: Evaluator;
  private readonly scope: Omit<ExpressionScope, 'use'>;
  private readonly scoresUnder: (fitted: FittedScores | null) => ExpressionScope['scores'];
  private readonly before: FittedScores | null;
  private scoresBefore: ExpressionScope['scores'] | undefined;

  constructor(deps: ConditionDeps, known: SweepDefinitions, customer: SweptCustomer, wall: number) {
    const { bundle, fitted, previousFit: before } = known;
    this.customer = customer;
    this.bundle = bundle;
    this.evaluate = deps.evaluate;
    const now = Math.max(wall, customer.lastNow);
    const facts = factsOf(deps.zones, bundle, customer, now);
    const { evaluate } = deps;
    this.now = now;
    this.before = before ?? null;
    this.scoresUnder = (fit) => computeScores({ facts, bundle, fitted: fit, now, evaluate });
    this.scope = {
      event: null,
      facts,
      suppressed: suppressedOf(customer, bundle, now),
      enrollment: null,
      now,
      scores: this.scoresUnder(fitted),
    };
  }

  /** Whether the customer is inside a segment. Outside of one that isn't there. */
  isInside(id: string, use: Use): boolean {
    const segment = this.bundle.segments.find((one) => one.id === id);
    return segment !== undefined && this.holds(segment.when, use);
  }

  /** The first stage whose condition holds. */
  evaluateStage(): string | null {
    const { stages } = this.bundle.workspace;
    return stages.find(({ when }) => when === null || this.holds(when, 'marketing'))?.id ?? null;
  }

  /** Whether the expression has a value for this customer. */
  hasValue(expression: Cel, use: Use): boolean {
    const result = this.evaluate(expression, { ...this.scope, use });
    return result.ok && result.value !== null && result.value !== undefined;
  }

  /** The date that an expression gives, in an enrollment or outside of any. One that fails gives none. */
  evaluateDate(expression: Cel, use: Use, enrollment: Enrollment | null = null): DateReading {
    return this.dateIn(this.scope.scores, expression, use, enrollment);
  }

  /** The same as it was under the fit before. */
  evaluateDateUnderPreviousFit(expression: Cel, use: Use, enrollment: Enrollment): DateReading {
    this.scoresBefore ??= this.scoresUnder(this.before);
    return this.dateIn(this.scoresBefore, expression, use, enrollment);
  }

  /** The customer's clock and calendar. */
  get zone(): Zone {
    return this.scope.facts.zone;
  }

  private dateIn(
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

function factsOf(zones: ZoneLookup, bundle: Bundle, customer: SweptCustomer, now: number): Facts {
  const { timezone } = bundle.workspace;
  const zone = readTrait(customer.profile, 'timezone');
  const { id, profile, seq, tickets, consents, paused, account, history, knownSince } = customer;
  return {
    workspace: bundle.workspace.id,
    customerId: id,
    profile,
    profileSeq: seq,
    tickets,
    consents,
    // Segments, stages and dates can't name what follows.
    deliveries: [],
    tasks: [],
    pastEnrollments: [],
    suppressedAddresses: [],
    pausedActions: [],
    coupons: [],
    budgets: [],
    sharedUse: [],
    paused,
    zone: zones(typeof zone === 'string' ? zone : timezone, timezone, now),
    account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    eventHistory: history,
    segmentsSwept: true,
    knownSince,
  };
}

function suppressedOf(
  { tickets, progress: known }: SweptCustomer,
  bundle: Bundle,
  now: number,
): ExpressionScope['suppressed'] {
  const open = tickets.some((ticket) => ticket.status === 'open');
  const quiet = known.quietUntil !== null && known.quietUntil > now;
  const silenced = bundle.workspace.tickets.suppress.includes('marketing');
  return { marketing: (open || quiet) && silenced, service: open };
}
