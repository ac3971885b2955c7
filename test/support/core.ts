import { choose } from '../../src/decisioning/choose.ts';
import { scoresOf } from '../../src/decisioning/scores.ts';
import { createEvaluate } from '../../src/definitions/cel.ts';
import { compileBundle } from '../../src/definitions/compile.ts';
import { readBundleDir } from '../../src/definitions/load.ts';
import { type Advanced, advance } from '../../src/domain/advance/advance.ts';
import { type Consent, consentsSaid } from '../../src/domain/consent.ts';
import type { Facts } from '../../src/domain/context.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import type { DeliveryFact, TaskFact } from '../../src/domain/delivery.ts';
import { EVENT, type JourneyEvent } from '../../src/domain/event.ts';
import { emptyProfile, foldProfile, isConsentNews } from '../../src/domain/profile.ts';
import { emptyState, type JourneyState } from '../../src/domain/state.ts';
import { newerTicket, type Ticket, ticketSaid } from '../../src/domain/ticket.ts';
import { UTC, type Zone } from '../../src/domain/zone.ts';
import type { BundleFile } from './bundles.ts';
import { AROMA } from './paths.ts';

/** The example bundle, compiled, as changed by `change`. */
export async function compileAroma(
  change: (files: BundleFile[]) => BundleFile[] = (f) => f,
): Promise<Bundle> {
  const compiled = compileBundle(change(await readBundleDir(AROMA)), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, format: 1, version: 1 };
}

export type Said = {
  name: string;
  at: number;
  properties?: Record<string, unknown>;
  context?: Record<string, unknown>;
};

/**
 * One customer in memory: acceptance's folds and the core, without any shell. Deliveries leave the moment they are
 * planned, so that properties can be stated over long lives in milliseconds.
 */
export class Life {
  state: JourneyState = emptyState();
  now: number;
  seq = 0;
  ordinal = 0;
  wakeAt: number | null = null;
  readonly profile = emptyProfile();
  readonly tickets = new Map<string, Ticket>();
  readonly consents: Consent[] = [];
  readonly deliveries: DeliveryFact[] = [];
  readonly tasks: TaskFact[] = [];
  readonly past: Facts['past'] = [];
  readonly log: JourneyEvent[] = [];
  readonly history: Advanced[] = [];
  zone: Zone = UTC;
  paused: Facts['paused'] = null;
  private readonly evaluate = createEvaluate();
  readonly bundle: Bundle;
  readonly customerId: string;

  constructor(bundle: Bundle, start: number, customerId = 'cus_1') {
    this.bundle = bundle;
    this.now = start;
    this.customerId = customerId;
  }

  /** Accepts events without deciding yet. */
  accept(...said: Said[]): JourneyEvent[] {
    return said.map((one) => {
      const event: JourneyEvent = {
        id: `evt_${this.seq + 1}`,
        seq: ++this.seq,
        type: 'track',
        acceptedAt: one.at,
        historical: false,
        source: 'test',
        messageId: `m${this.seq}`,
        properties: {},
        traits: {},
        context: {},
        ...one,
      };
      this.consents.push(...consentsSaid(event).filter((said) => isConsentNews(this.profile, said, event)));
      foldProfile(this.profile, event, this.bundle.workspace.currency);
      const ticket = ticketSaid(event);
      if (ticket) this.tickets.set(ticket.id, newerTicket(this.tickets.get(ticket.id), ticket));
      if (event.name === EVENT.paused) this.paused = { since: event.at, reason: 'test', by: 'test' };
      if (event.name === EVENT.resumed) this.paused = null;
      this.log.push(event);
      return event;
    });
  }

  facts(): Facts {
    return {
      workspace: this.bundle.workspace.id,
      customerId: this.customerId,
      profile: this.profile,
      profileSeq: this.seq,
      tickets: [...this.tickets.values()],
      consents: this.consents,
      deliveries: this.deliveries,
      tasks: this.tasks,
      past: this.past,
      paused: this.paused,
      zone: this.zone,
      suppressedAddresses: [],
    };
  }

  /** One decision over these events. */
  decide(events: JourneyEvent[] = [], tookSeq = (events[0]?.seq ?? this.seq + 1) - 1): Advanced {
    const advanced = advance({
      state: this.state,
      events,
      tookSeq,
      facts: structuredClone(this.facts()),
      bundle: this.bundle,
      now: this.now,
      evaluate: this.evaluate,
      choose,
      scores: scoresOf(this.profile, this.bundle.workspace.currency, this.bundle.workspace.valueHalf),
      ref: `1_1_${++this.ordinal}`,
      edited: false,
      ends: [],
    });
    this.write(advanced);
    return advanced;
  }

  /** What happens, is accepted and decided at once, with everything that follows from it. */
  happen(...said: Omit<Said, 'at'>[]): Advanced {
    const advanced = this.decide(this.accept(...said.map((one) => ({ ...one, at: this.now }))));
    this.settle();
    return advanced;
  }

  /** Lets time pass, waking as the core asks to be woken. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (let wakes = 0; this.wakeAt !== null && this.wakeAt <= end; wakes++) {
      if (wakes > 2_000) throw new Error('woken without end');
      this.now = this.wakeAt;
      this.decide();
      this.settle();
    }
    this.now = end;
  }

  /** Deliveries are sent at once; tasks open. */
  settle(): void {
    for (let round = 0; this.deliveries.some((d) => d.state === 'planned'); round++) {
      if (round > 50) throw new Error('deliveries without end');
      for (const delivery of this.deliveries) if (delivery.state === 'planned') delivery.state = 'sent';
      this.decide();
    }
  }

  sent(): string[] {
    return this.deliveries.filter((d) => d.state === 'sent').map((d) => d.action);
  }

  private write({ state, plan, wakeAt }: Advanced): void {
    this.history.push({ state, plan, wakeAt } as Advanced);
    this.state = state;
    this.wakeAt = wakeAt;
    for (const d of plan.deliveries) this.deliveries.push({ ...d, state: 'planned', refusal: null });
    for (const t of plan.tasks) this.tasks.push({ ...t, state: 'open', level: 0, outcome: null });
    for (const { id } of plan.cancelledDeliveries) this.change(this.deliveries, id, { state: 'cancelled' });
    for (const { id } of plan.withdrawnTasks) this.change(this.tasks, id, { state: 'withdrawn' });
    for (const id of plan.expiredTasks) this.change(this.tasks, id, { state: 'expired' });
    for (const { id, ...next } of plan.escalatedTasks) this.change(this.tasks, id, next);
    for (const { ticketId, until } of plan.quiet) {
      const ticket = this.tickets.get(ticketId);
      if (ticket) this.tickets.set(ticketId, { ...ticket, quietUntil: until });
    }
    for (const e of plan.ended) this.past.push({ journey: e.journey, key: e.key, enteredAt: e.enteredAt });
  }

  private change<T extends { id: string }>(rows: T[], id: string, next: Partial<T>): void {
    const row = rows.find((r) => r.id === id);
    if (row) Object.assign(row, next);
  }
}
