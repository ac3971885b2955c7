import type { SweptCustomer } from '../../../db/queries/sweeps-page.ts';
import type { FittedScores } from '../../decisioning/scores/types.ts';
import { scoresOf } from '../../decisioning/scores.ts';
import type { Evaluate, Facts, Scope } from '../../domain/context.ts';
import { readDate, type SaidDate } from '../../domain/date.ts';
import type { Bundle, Cel } from '../../domain/definition.ts';
import { trait } from '../../domain/profile.ts';
import { type Enrollment, entryOf } from '../../domain/state.ts';
import type { Instant } from '../../domain/time.ts';
import type { Zone } from '../../domain/zone.ts';
import type { ZoneTable } from '../zone-table.ts';

export interface LookDeps {
  evaluate: Evaluate;
  zones: ZoneTable;
}

/** By which rules and which fit of the scores it is looked. */
export interface Known {
  bundle: Bundle;
  fitted: FittedScores | null;
  /** The one before it; what is asked as of then is asked of that. */
  before?: FittedScores | null;
}

type Use = Scope['use'];

/** What a bundle's conditions say about one customer now. The decision that follows looks again and has the last word. */
export class Look {
  readonly customer: SweptCustomer;
  readonly now: Instant;
  private readonly bundle: Bundle;
  private readonly evaluate: Evaluate;
  private readonly scope: Omit<Scope, 'use'>;
  private readonly scoresUnder: (fitted: FittedScores | null) => Scope['scores'];
  private readonly before: FittedScores | null;
  private scoresBefore: Scope['scores'] | undefined;

  constructor(deps: LookDeps, known: Known, customer: SweptCustomer, wall: number) {
    const { bundle, fitted, before } = known;
    this.customer = customer;
    this.bundle = bundle;
    this.evaluate = deps.evaluate;
    const now = Math.max(wall, customer.lastNow);
    const facts = factsOf(deps.zones, bundle, customer, now);
    const { evaluate } = deps;
    this.now = now;
    this.before = before ?? null;
    this.scoresUnder = (fit) => scoresOf({ facts, bundle, fitted: fit, now, evaluate });
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
  inside(id: string, use: Use): boolean {
    const segment = this.bundle.segments.find((one) => one.id === id);
    return segment !== undefined && this.holds(segment.when, use);
  }

  /** The first stage whose condition holds. */
  stage(): string | null {
    const { stages } = this.bundle.workspace;
    return stages.find(({ when }) => when === null || this.holds(when, 'marketing'))?.id ?? null;
  }

  /** Whether the expression has a value for this customer. */
  hasValue(expression: Cel, use: Use): boolean {
    const result = this.evaluate(expression, { ...this.scope, use });
    return result.ok && result.value !== null && result.value !== undefined;
  }

  /** The date that an expression gives, in an enrollment or outside of any. One that fails gives none. */
  date(expression: Cel, use: Use, enrollment: Enrollment | null = null): SaidDate {
    return this.dateIn(this.scope.scores, expression, use, enrollment);
  }

  /** The same as it was under the fit before. */
  dateBefore(expression: Cel, use: Use, enrollment: Enrollment): SaidDate {
    this.scoresBefore ??= this.scoresUnder(this.before);
    return this.dateIn(this.scoresBefore, expression, use, enrollment);
  }

  /** The customer's clock and calendar. */
  get zone(): Zone {
    return this.scope.facts.zone;
  }

  private dateIn(
    scores: Scope['scores'],
    expression: Cel,
    use: Use,
    enrollment: Enrollment | null,
  ): SaidDate {
    const event = enrollment && entryOf(enrollment);
    const result = this.evaluate(expression, { ...this.scope, scores, enrollment, event, use });
    return readDate(result.ok ? result.value : null);
  }

  private holds(condition: Cel, use: Use): boolean {
    const result = this.evaluate(condition, { ...this.scope, use });
    return result.ok && result.value === true;
  }
}

function factsOf(zones: ZoneTable, bundle: Bundle, customer: SweptCustomer, now: number): Facts {
  const { timezone } = bundle.workspace;
  const zone = trait(customer.profile, 'timezone');
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
    past: [],
    suppressedAddresses: [],
    pausedActions: [],
    coupons: [],
    budgets: [],
    shared: [],
    paused,
    zone: zones(typeof zone === 'string' ? zone : timezone, timezone, now),
    account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    history,
    swept: true,
    knownSince,
  };
}

function suppressedOf({ tickets, known }: SweptCustomer, bundle: Bundle, now: number): Scope['suppressed'] {
  const open = tickets.some((ticket) => ticket.status === 'open');
  const quiet = known.quietUntil !== null && known.quietUntil > now;
  const silenced = bundle.workspace.tickets.suppress.includes('marketing');
  return { marketing: (open || quiet) && silenced, service: open };
}
