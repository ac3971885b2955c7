import { lookUpZone } from '../../src/app/time-zones.ts';
import { createEvaluator } from '../../src/definitions/cel/evaluate.ts';
import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';
import { type Consent, readConsents } from '../../src/domain/customer/consent.ts';
import { mergeProfiles, stricterConsents } from '../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile, isConsentChange } from '../../src/domain/customer/profile.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../src/domain/definition.ts';
import type { DeliveryFact, TaskFact } from '../../src/domain/delivery.ts';
import { ACCOUNT_SOURCE, EVENT, type JourneyEvent } from '../../src/domain/event.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { emptyState, type JourneyState } from '../../src/domain/state.ts';
import { readTicket, resolveTicket, type Ticket } from '../../src/domain/ticket.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { UTC, type Zone } from '../../src/domain/time/zone.ts';
import { createChooser } from '../../src/engine/choose.ts';
import { type AdvanceResult, advance } from '../../src/engine/journey/advance.ts';
import type { AdvanceInput } from '../../src/engine/journey/advance-input.ts';
import type { MergePayload } from '../../src/engine/journey/merge/merge-states.ts';
import type { OutboxEvent } from '../../src/engine/journey/plan.ts';
import { createTreater } from '../../src/engine/treatment/treat.ts';
import type { ServedModel } from '../../src/learning/model/served-model.ts';
import { computeScores } from '../../src/learning/scores/compute-scores.ts';
import type { FittedScores } from '../../src/learning/scores/types.ts';
import type { BundleFile } from './bundles.ts';
import { AROMA } from './paths.ts';

/** The example bundle, compiled, as changed by `change`. */
export async function compileAroma(
  change: (files: BundleFile[]) => BundleFile[] = (f) => f,
): Promise<Bundle> {
  const compiled = compileBundle(change(await readBundleDir(AROMA)), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, format: BUNDLE_FORMAT, version: 1 };
}

export type EventInput = Partial<Omit<JourneyEvent, 'name' | 'at'>> & { name: string; at: number };

/**
 * One customer in memory: acceptance's folds and the core, without any shell. Deliveries leave the moment they are
 * planned, and what a decision says comes back as an event, so that properties can be stated over long lives in
 * milliseconds.
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
  /** What decisions said, by message id, and what of it isn't in the log yet. */
  readonly published = new Map<string, OutboxEvent>();
  private unpublished: OutboxEvent[] = [];
  zone: Zone = UTC;
  /** Takes the real rules of this zone instead of `zone`. */
  zoneName: string | null = null;
  paused: Facts['paused'] = null;
  account: Facts['account'] = null;
  knownSince: number;
  sweepRecorded = true;
  /** What was learned. */
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
  accept(...said: EventInput[]): JourneyEvent[] {
    return said.map((one) => {
      const event: JourneyEvent = {
        id: `evt_${this.customerId}_${this.seq + 1}`,
        type: 'track',
        acceptedAt: one.at,
        historical: false,
        source: 'test',
        messageId: `m${this.seq + 1}`,
        properties: {},
        traits: {},
        context: {},
        origin: null,
        ...one,
        seq: ++this.seq,
      };
      this.log.push(event);
      if (event.source !== ACCOUNT_SOURCE) this.fold(event);
      return event;
    });
  }

  private fold(event: JourneyEvent): void {
    this.consents.push(...readConsents(event).filter((said) => isConsentChange(this.profile, said, event)));
    foldProfile(this.profile, event, this.bundle.workspace.currency, this.bundle.attributes);
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
      // Nobody else spends.
      budgets: this.bundle.actions
        .filter(({ budget, inventory }) => budget || inventory)
        .map(({ id }) => ({ action: id, spent: 0, unitsGiven: 0, resetsAt: this.now + 30 * DAY })),
      account: this.account,
      attributes: this.bundle.attributes,
      personalisation: this.bundle.workspace.personalisation,
      eventHistory: Object.fromEntries(windows.map((name) => [name, times(name).sort((a, b) => a - b)])),
      sharedUse: [],
      segmentsSwept: this.sweepRecorded,
      knownSince: this.knownSince,
    };
  }

  /** Accepted, and taken by no decision yet. */
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

  /** What the next decision over these events would be given. */
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

  /** What happens, is accepted and decided at once, with everything that follows from it. */
  acceptAndDecide(...said: Omit<EventInput, 'at'>[]): AdvanceResult {
    const advanced = this.decide(
      this.accept(...said.map((one) => ({ ...one, at: this.now, name: one.name as string }))),
    );
    this.settle();
    return advanced;
  }

  /** Lets time pass, waking as the core asks to be woken. */
  passTime(ms: number): void {
    const end = this.now + ms;
    for (let wakes = 0; this.wakeAt !== null && this.wakeAt <= end; wakes++) {
      if (wakes > 2_000) throw new Error('woken without end');
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

  /** Deliveries are sent at once, tasks open, and what was said is heard. */
  settle(): void {
    const busy = () => this.deliveries.some((d) => d.state === 'planned') || this.unpublished.length > 0;
    for (let round = 0; busy(); round++) {
      if (round > 50) throw new Error('deliveries or events without end');
      for (const delivery of this.deliveries) if (delivery.state === 'planned') delivery.state = 'sent';
      this.decide(this.publish());
    }
  }

  private publish(): JourneyEvent[] {
    return this.accept(...this.unpublished.splice(0).map((said) => ({ ...said, at: this.now })));
  }

  /** A new bundle becomes active. */
  activate(bundle: Bundle): AdvanceResult {
    this.bundle = { ...bundle, version: this.bundle.version + 1 };
    this.versions.set(this.bundle.version, this.bundle);
    this.edited = true;
    const advanced = this.decide();
    this.settle();
    return advanced;
  }

  /** Another customer turns out to be this one, as the merging transaction does it; nothing is decided yet. */
  absorb(other: Life): JourneyEvent[] {
    const untaken = other.unprocessedEvents();
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
    for (const [id, said] of other.published) this.published.set(id, said);
    this.unpublished.push(...other.unpublished);
    const moved = untaken.map((one) => ({ ...one, seq: ++this.seq, origin: other.customerId }));
    this.log.push(...moved);
    return [event, ...moved];
  }

  /** {@link absorb}, decided at once. */
  merge(other: Life): AdvanceResult {
    this.absorb(other);
    const advanced = this.decide(this.unprocessedEvents());
    this.settle();
    return advanced;
  }

  sentActions(): string[] {
    return this.deliveries.filter((d) => d.state === 'sent').map((d) => d.action);
  }

  /** Names of what decisions said, in order. */
  publishedNames(): string[] {
    return [...this.published.values()].map((said) => said.name);
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
    for (const said of plan.outbox) {
      if (this.published.has(said.messageId)) continue;
      this.published.set(said.messageId, said);
      this.unpublished.push(said);
    }
  }

  private change<T extends { id: string }>(rows: T[], id: string, next: Partial<T>): void {
    const row = rows.find((r) => r.id === id);
    if (row) Object.assign(row, next);
  }
}
