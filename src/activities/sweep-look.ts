import type { SweptCustomer } from '../../db/queries/sweeps-page.ts';
import { scoresOf } from '../decisioning/scores.ts';
import type { Evaluate, Facts, Scope } from '../domain/context.ts';
import type { Bundle, Cel } from '../domain/definition.ts';
import { trait } from '../domain/profile.ts';
import type { ZoneTable } from './zone-table.ts';

export interface LookDeps {
  evaluate: Evaluate;
  zones: ZoneTable;
}

type Use = Scope['use'];

/** What a bundle's conditions say about one customer now. The decision that follows looks again and has the last word. */
export class Look {
  readonly customer: SweptCustomer;
  private readonly bundle: Bundle;
  private readonly evaluate: Evaluate;
  private readonly scope: Omit<Scope, 'use'>;

  constructor(deps: LookDeps, bundle: Bundle, customer: SweptCustomer, wall: number) {
    this.customer = customer;
    this.bundle = bundle;
    this.evaluate = deps.evaluate;
    const now = Math.max(wall, customer.lastNow);
    const { currency, valueHalf } = bundle.workspace;
    this.scope = {
      event: null,
      facts: factsOf(deps.zones, bundle, customer, now),
      suppressed: suppressedOf(customer, bundle, now),
      enrollment: null,
      now,
      scores: scoresOf(customer.profile, currency, valueHalf),
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
