import { lookUpZone } from '../app/time-zones.ts';
import { createEvaluator } from '../definitions/cel/evaluate.ts';
import type { Consent } from '../domain/customer/consent.ts';
import { mergeProfiles, stricterConsents } from '../domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile } from '../domain/customer/profile.ts';
import type { Bundle } from '../domain/definition.ts';
import type { DeliveryFact, TaskFact } from '../domain/delivery.ts';
import { ACCOUNT_SOURCE, EVENT, type JourneyEvent } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import { emptyState, type JourneyState } from '../domain/state.ts';
import { readTicket, resolveTicket, type Ticket } from '../domain/ticket.ts';
import { DAY } from '../domain/time/time.ts';
import { UTC, type Zone } from '../domain/time/zone.ts';
import { createChooser } from '../engine/choose.ts';
import { type AdvanceResult, advance } from '../engine/journey/advance.ts';
import type { AdvanceInput } from '../engine/journey/advance-input.ts';
import type { MergePayload } from '../engine/journey/merge/merge-states.ts';
import type { OutboxEvent } from '../engine/journey/plan.ts';
import { createTreater } from '../engine/treatment/treat.ts';
import type { ServedModel } from '../learning/model/served-model.ts';
import { computeScores } from '../learning/scores/compute-scores.ts';
import type { FittedScores } from '../learning/scores/types.ts';

export type EventInput = Partial<Omit<JourneyEvent, 'name' | 'at'>> & { name: string; at: number };

/**
 * One customer in memory: the folds of intake and the core, without servers. Deliveries leave the moment they are planned,
 * and events that a decision emits are accepted at once. So a test can state properties over long lives in milliseconds.
 */
export class Life {
  state: JourneyState = emptyState();
  now: number;
  seq = 0;
  processedSeq = 0;
  ordinal = 0;
  wakeAt: number | null = null;
  profile = emptyProfile();
  readonly tickets = new Map<string, Ticket>();
  consents: Consent[] = [];
  readonly deliveries: DeliveryFact[] = [];
  readonly tasks: TaskFact[] = [];
  readonly pastEnrollments: Facts['pastEnrollments'] = [];
  readonly log: JourneyEvent[] = [];
  readonly history: AdvanceResult[] = [];
  /** The events that decisions emitted, by message id. */
  readonly published = new Map<string, OutboxEvent>();
  private unpublished: OutboxEvent[] = [];
  zone: Zone = UTC;
  /** If set, the real rules of this zone apply instead of `zone`. */
  zoneName: string | null = null;
  paused: Facts['paused'] = null;
  account: Facts['account'] = null;
  knownSince: number;
  sweepRecorded = true;
  /** The learned model, if any. */
  model: ServedModel | null = null;
  fitted: FittedScores | null = null;
  private edited = false;
  private readonly evaluate = createEvaluator();
  bundle: Bundle;
  readonly versions = new Map<number, Bundle>();
  readonly customerId: string;

  constructor(bundle: Bundle, start: number, customerId = 'cus_1') {
    this.bundle = bundle;
    this.versions.set(bundle.version, bundle);
    this.now = start;
    this.knownSince = start;
    this.customerId = customerId;
  }

  /** Accepts events without deciding yet. */
  accept(...inputs: EventInput[]): JourneyEvent[] {
    return inputs.map((input) => {
      const event: JourneyEvent = {
        id: `evt_${this.customerId}_${this.seq + 1}`,
        type: 'track',
        acceptedAt: input.at,
        historical: false,
        source: 'test',
        messageId: `m${this.seq + 1}`,
        properties: {},
        traits: {},
        context: {},
        origin: null,
        ...input,
        seq: ++this.seq,
      };
      this.log.push(event);
      if (event.source !== ACCOUNT_SOURCE) this.fold(event);
      return event;
    });
  }

  private fold(event: JourneyEvent): void {
    const { currency } = this.bundle.workspace;
    this.consents.push(...foldProfile(this.profile, event, currency, this.bundle.attributes).consents);
    const ticket = readTicket(event);
    if (ticket) this.tickets.set(ticket.id, resolveTicket(this.tickets.get(ticket.id), ticket));
    if (event.name === EVENT.paused) this.paused = { since: event.at, reason: 'test', by: 'test' };
    if (event.name === EVENT.resumed) this.paused = null;
  }

  buildFacts(): Facts {
    const windows = Object.keys(this.bundle.interest.windows);
    const times = (name: string) => this.log.filter((e) => e.name === name).map((e) => e.at);
    return {
      workspace: this.bundle.workspace.id,
      customerId: this.customerId,
      profile: this.profile,
      profileSeq: this.seq,
      tickets: [...this.tickets.values()],
      consents: this.consents,
      deliveries: this.deliveries,
      tasks: this.tasks,
      pastEnrollments: this.pastEnrollments,
      paused: this.paused,
      zone: this.zoneName === null ? this.zone : lookUpZone(this.zoneName, 'UTC', this.now),
      suppressedAddresses: [],
      pausedActions: [],
      coupons: [],
      // No other customer spends.
      budgets: this.bundle.actions
        .filter(({ budget, inventory }) => budget || inventory)
        .map(({ id }) => ({ action: id, spent: 0, unitsGiven: 0, resetsAt: this.now + 30 * DAY })),
      account: this.account,
      attributes: this.bundle.attributes,
      eventTypes: this.bundle.events ?? {},
      personalisation: this.bundle.workspace.personalisation,
      eventHistory: Object.fromEntries(windows.map((name) => [name, times(name).sort((a, b) => a - b)])),
      sharedUse: [],
      segmentsSwept: this.sweepRecorded,
      knownSince: this.knownSince,
    };
  }

  /** Events that are accepted and that no decision has processed yet. */
  unprocessedEvents(): JourneyEvent[] {
    return this.log.filter((event) => event.seq > this.processedSeq);
  }

  /** One decision over these events. */
  decide(events: JourneyEvent[] = [], tookSeq = (events[0]?.seq ?? this.seq + 1) - 1): AdvanceResult {
    const advanced = advance(this.buildInput(events, tookSeq));
    this.processedSeq = Math.max(this.processedSeq, events.at(-1)?.seq ?? 0);
    this.edited = false;
    this.write(advanced);
    return advanced;
  }

  /** The input of the next decision over these events. */
  buildInput(events: JourneyEvent[], tookSeq = (events[0]?.seq ?? this.seq + 1) - 1): AdvanceInput {
    return {
      state: this.state,
      events,
      processedSeq: tookSeq,
      facts: structuredClone(this.buildFacts()),
      bundle: this.bundle,
      now: this.now,
      evaluate: this.evaluate,
      choose: createChooser(this.model),
      treat: createTreater(this.fitted),
      scores: computeScores({
        facts: this.buildFacts(),
        bundle: this.bundle,
        fitted: this.fitted,
        now: this.now,
        evaluate: this.evaluate,
      }),
      decisionRef: `${this.customerId}_1_${++this.ordinal}`,
      definitionsChanged: this.edited,
      pinnedBundles: this.versions,
      closingEvents: [],
    };
  }

  /** Accepts events and decides at once, with everything that follows. */
  acceptAndDecide(...inputs: Omit<EventInput, 'at'>[]): AdvanceResult {
    const advanced = this.decide(
      this.accept(...inputs.map((input) => ({ ...input, at: this.now, name: input.name as string }))),
    );
    this.settle();
    return advanced;
  }

  /** Lets time pass, and decides whenever the core has requested a wake-up. */
  passTime(ms: number): void {
    const end = this.now + ms;
    for (let wakes = 0; this.wakeAt !== null && this.wakeAt <= end; wakes++) {
      if (wakes > 2_000) throw new Error('the journey requests wake-ups without end');
      this.now = Math.max(this.now, this.wakeAt);
      this.decide();
      this.settle();
    }
    this.now = end;
  }

  /** Lets time pass until this instant. */
  passUntil(at: number): void {
    this.passTime(Math.max(0, at - this.now));
  }

  /** Sends planned deliveries and accepts emitted events, until there are none. */
  settle(): void {
    const busy = () => this.deliveries.some((d) => d.state === 'planned') || this.unpublished.length > 0;
    for (let round = 0; busy(); round++) {
      if (round > 50) throw new Error('deliveries or events without end');
      for (const delivery of this.deliveries) if (delivery.state === 'planned') delivery.state = 'sent';
      this.decide(this.publish());
    }
  }

  private publish(): JourneyEvent[] {
    return this.accept(...this.unpublished.splice(0).map((event) => ({ ...event, at: this.now })));
  }

  /** Activates a new bundle, and decides. */
  activate(bundle: Bundle): AdvanceResult {
    this.bundle = { ...bundle, version: this.bundle.version + 1 };
    this.versions.set(this.bundle.version, this.bundle);
    this.edited = true;
    const advanced = this.decide();
    this.settle();
    return advanced;
  }

  /** Merges another customer into this one, as the merging transaction does, without deciding yet. */
  absorb(other: Life): JourneyEvent[] {
    const unprocessed = other.unprocessedEvents();
    const merged: MergePayload = {
      customerId: other.customerId,
      knownSince: other.knownSince,
      intoKnownSince: this.knownSince,
      state: structuredClone(other.state),
    };
    this.profile = mergeProfiles(this.profile, other.profile);
    const before = this.consents;
    const [event] = this.accept({
      name: EVENT.merged,
      at: this.now,
      properties: { from: other.customerId, into: this.customerId, reason: 'test', actor: 'test' },
      context: { merged },
    }) as [JourneyEvent];
    this.consents = stricterConsents(before, other.consents, event.at, event.seq);
    this.paused ??= other.paused;
    for (const [id, ticket] of other.tickets)
      this.tickets.set(id, resolveTicket(this.tickets.get(id), { ...ticket, seq: event.seq }));
    this.deliveries.push(...other.deliveries);
    this.tasks.push(...other.tasks);
    this.pastEnrollments.push(...other.pastEnrollments);
    for (const [id, published] of other.published) this.published.set(id, published);
    this.unpublished.push(...other.unpublished);
    const moved = unprocessed.map((moving) => ({ ...moving, seq: ++this.seq, origin: other.customerId }));
    this.log.push(...moved);
    return [event, ...moved];
  }

  /** Merges another customer, and decides at once. */
  merge(other: Life): AdvanceResult {
    this.absorb(other);
    const advanced = this.decide(this.unprocessedEvents());
    this.settle();
    return advanced;
  }

  sentActions(): string[] {
    return this.deliveries.filter((d) => d.state === 'sent').map((d) => d.action);
  }

  /** The names of the events that decisions emitted, in order. */
  publishedNames(): string[] {
    return [...this.published.values()].map((event) => event.name);
  }

  private write(advanced: AdvanceResult): void {
    const { state, plan, wakeAt } = advanced;
    this.history.push(advanced);
    this.state = state;
    this.wakeAt = wakeAt;
    for (const d of plan.deliveries) this.deliveries.push({ ...d, state: 'planned', refusal: null });
    for (const t of plan.tasks) this.tasks.push({ ...t, state: 'open', level: 0, outcome: null });
    for (const { id } of plan.cancelledDeliveries) this.change(this.deliveries, id, { state: 'cancelled' });
    for (const { id } of plan.withdrawnTasks) this.change(this.tasks, id, { state: 'withdrawn' });
    for (const id of plan.expiredTasks) this.change(this.tasks, id, { state: 'expired' });
    for (const { id, ...next } of plan.escalatedTasks) this.change(this.tasks, id, next);
    for (const { ticketId, until } of plan.coolDowns) {
      const ticket = this.tickets.get(ticketId);
      if (ticket) this.tickets.set(ticketId, { ...ticket, quietUntil: until });
    }
    for (const e of plan.endedEnrollments)
      this.pastEnrollments.push({ journey: e.journey, key: e.key, enteredAt: e.enteredAt });
    for (const event of plan.outbox) {
      if (this.published.has(event.messageId)) continue;
      this.published.set(event.messageId, event);
      this.unpublished.push(event);
    }
  }

  private change<T extends { id: string }>(rows: T[], id: string, next: Partial<T>): void {
    const row = rows.find((r) => r.id === id);
    if (row) Object.assign(row, next);
  }
}
