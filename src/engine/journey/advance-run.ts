import { indexBundle } from '../../domain/bundle-index.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../domain/candidate.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { ActionClass, ActionDef, Bundle, JourneyDef, Step } from '../../domain/definition.ts';
import type { JourneyEvent } from '../../domain/event.ts';
import type { Chooser, Evaluator, ExpressionScope, Facts } from '../../domain/facts.ts';
import {
  type EndedEnrollment,
  type Enrollment,
  type JourneyState,
  toEntryEvent,
} from '../../domain/state.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Treater } from '../../domain/treatment.ts';
import type { DecisionInput } from './decide/decision-input.ts';

export interface AdvanceInput {
  state: JourneyState;
  /** Taken from the log in order; each is taken by exactly one decision. */
  events: JourneyEvent[];
  /** Newest event that an earlier decision took. */
  processedSeq: number;
  facts: Facts;
  bundle: Bundle;
  now: Instant;
  evaluate: Evaluator;
  choose: Chooser;
  treat: Treater;
  /** Computed from the facts by the decisioning. */
  scores: Record<string, number>;
  /** Unique per decision; every id that it mints starts with it, so a second try mints the same ones. */
  decisionRef: string;
  /** The definitions have changed since the last decision. */
  definitionsChanged: boolean;
  /** Older versions that pinned enrollments end under. */
  pinnedBundles: ReadonlyMap<number, Bundle>;
  /** Events taken earlier that would end a journey which one of `events` would enter (late arrivals). */
  closingEvents: Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>[];
}

export interface PlannedDelivery {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  purpose: string;
  topic: string | null;
  channel: string;
  key: string | null;
  /** Id of the ticket or order that it is about, as the step said; the key if it isn't given. */
  subject?: string | null;
  /** Version whose action and content it is: a pinned enrollment's own. */
  bundleVersion: number;
  /** Test variant of the content; null where there are none. */
  variant: string | null;
  /** What it costs, in minor units of the workspace's currency: reserved in budgets. */
  cost: number;
  /** What its coupon is for; null without one. */
  couponOnce: string | null;
  at: Instant;
  /** Why then: `now`, or as the send time's optimisation says. */
  sendReason: string;
  /** After this it isn't sent any more. */
  notAfter: Instant;
  entry: Enrollment['entry'];
}

export interface PlannedTask {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  topic: string | null;
  key: string | null;
  /** As of a delivery. */
  subject?: string | null;
  bundleVersion: number;
  /** As of a delivery. */
  cost: number;
  queue: string;
  at: Instant;
  acknowledgeBy: Instant;
  resolveBy: Instant;
  why: string[];
}

/** What happened to enrollments and events, for the decision's record. */
export type JourneyChange =
  | { kind: 'entered'; enrollment: string; journey: string; key: string | null; arm: string; event: string }
  | { kind: 'not_entered'; journey: string; key: string | null; event: string; reason: string }
  | { kind: 'moved'; enrollment: string; journey: string; from: string; to: string; because: string }
  | { kind: 'goal'; enrollment: string; journey: string; event: string }
  /** Which way a branch by share took: what an experiment is counted by. */
  | { kind: 'exposed'; enrollment: string; journey: string; step: string; arm: string }
  /** Came with a customer who was merged into this one. */
  | { kind: 'adopted'; enrollment: string; journey: string; from: string }
  | { kind: 'stage'; from: string | null; to: string | null }
  | { kind: 'segment'; segment: string; inside: boolean }
  | {
      kind: 'date';
      journey: string;
      on: string;
      state: 'armed' | 'moved' | 'skipped' | 'invalid';
      reason?: string;
    }
  | { kind: 'ended'; enrollment: string; journey: string; reason: string }
  | { kind: 'poisoned'; enrollment: string | null; event: string | null; reason: string }
  | { kind: 'condition_failed'; expression: string; reason: string };

/** An event that a decision gives rise to. Its message id makes it one, however often it is appended. */
export interface OutboxEvent {
  messageId: string;
  type: 'track' | 'identify';
  name: string;
  source: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
}

/** What the deciding transaction must write beside the state. */
export interface DecisionPlan {
  deliveries: PlannedDelivery[];
  cancelledDeliveries: { id: string; reason: string }[];
  tasks: PlannedTask[];
  withdrawnTasks: { id: string; reason: string }[];
  expiredTasks: string[];
  escalatedTasks: { id: string; queue: string; level: number; acknowledgeBy: Instant }[];
  /** Cool-downs that begin with this decision. */
  coolDowns: { customerId: string; ticketId: string; until: Instant }[];
  /** What this decision says, as events that are appended to the log once it has committed. */
  outbox: OutboxEvent[];
  enteredEnrollments: Enrollment[];
  endedEnrollments: EndedEnrollment[];
  /** Enrollments that go on, whose arm, exclusion or goal has changed. Those that also ended are in `ended` as they are. */
  changedEnrollments: Enrollment[];
}

export function emptyPlan(): DecisionPlan {
  return {
    deliveries: [],
    cancelledDeliveries: [],
    tasks: [],
    withdrawnTasks: [],
    expiredTasks: [],
    escalatedTasks: [],
    coolDowns: [],
    outbox: [],
    enteredEnrollments: [],
    endedEnrollments: [],
    changedEnrollments: [],
  };
}

/** What a condition is about: whose it is, which event it reads, and what for. */
export interface ConditionContext {
  enrollment: Enrollment | null;
  event: ExpressionScope['event'];
  use: ExpressionScope['use'];
}

/** The working set of one `advance`: one copy of the state, moved step by step. */
export class AdvanceRun {
  readonly state: JourneyState;
  readonly changes: JourneyChange[] = [];
  readonly judgedCandidates: JudgedCandidate[] = [];
  readonly arbitrations: ArbitrationRecord[] = [];
  readonly decisionInputs: DecisionInput[] = [];
  readonly plan = emptyPlan();
  /** Newest event taken so far. */
  processedSeq: number;
  openTickets: Ticket[] = [];
  /** What tickets, open or cooling down, silence. */
  suppressed: ExpressionScope['suppressed'] = { marketing: false, service: false };
  /** Held enrollments that one of the events concerns. */
  readonly markedForRecheck = new Set<string>();
  readonly input: AdvanceInput;

  constructor(input: AdvanceInput) {
    this.input = input;
    this.state = structuredClone(input.state);
    this.processedSeq = input.processedSeq;
  }

  get now(): Instant {
    return this.input.now;
  }

  /** Whose id decides holdouts and shares. */
  get experimentSubject(): string {
    return this.state.seed ?? this.input.facts.customerId;
  }

  /** The definitions that hold for an enrollment: the active ones, or those that it is pinned to, if they are there. */
  bundleOf(enrollment: Pick<Enrollment, 'pinned' | 'version'>): Bundle | undefined {
    const { bundle, pinnedBundles: pinned } = this.input;
    return enrollment.pinned && enrollment.version !== bundle.version
      ? pinned.get(enrollment.version)
      : bundle;
  }

  journeyOf(enrollment: Pick<Enrollment, 'journey' | 'pinned' | 'version'>): JourneyDef | undefined {
    const bundle = this.bundleOf(enrollment);
    return bundle && indexBundle(bundle).journeys.get(enrollment.journey);
  }

  stepOf(enrollment: Enrollment): Step | undefined {
    return this.journeyOf(enrollment)?.steps.find((s) => s.id === enrollment.step);
  }

  actionOf(enrollment: Enrollment, id: string): ActionDef | undefined {
    const bundle = this.bundleOf(enrollment);
    return bundle && indexBundle(bundle).actions.get(id);
  }

  mintId(prefix: 'enr' | 'dlv' | 'tsk', n: number): string {
    return `${prefix}_${this.input.decisionRef}_${n}`;
  }

  /** What an enrollment's own conditions read; in its steps, `event` is the one that opened it. */
  conditionContext(
    enrollment: Enrollment,
    event: ExpressionScope['event'] = toEntryEvent(enrollment),
  ): ConditionContext {
    return { enrollment, event, use: dataUseOf(this.journeyOf(enrollment)) };
  }

  evaluate(expression: string, { enrollment, event, use }: ConditionContext): ReturnType<Evaluator> {
    const { facts, scores } = this.input;
    const { suppressed, now } = this;
    return this.input.evaluate(expression, { event, facts, suppressed, enrollment, now, scores, use });
  }

  /** Whether a condition holds. One that fails to evaluate doesn't hold, and the decision says so. */
  holds(expression: string | null, about: ConditionContext): boolean {
    if (expression === null) return true;
    const result = this.evaluate(expression, about);
    if (!result.ok) this.recordFailedCondition(expression, result.error);
    return result.ok && result.value === true;
  }

  /** Records that an expression failed, once per decision. */
  recordFailedCondition(expression: string, reason: string): void {
    const known = this.changes.some((c) => c.kind === 'condition_failed' && c.expression === expression);
    if (!known) this.changes.push({ kind: 'condition_failed', expression, reason });
  }

  /** Notes that an open enrollment's record has to be written anew. */
  markChanged(enrollment: Enrollment): void {
    const { changedEnrollments: changed, enteredEnrollments: entered } = this.plan;
    if (!changed.includes(enrollment) && !entered.includes(enrollment)) changed.push(enrollment);
  }

  /** Runs `work`; what it throws poisons this enrollment and nothing else. */
  isolate(enrollment: Enrollment, work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (enrollment.status.kind === 'poison') return;
      enrollment.status = { kind: 'poison', reason, bundle: this.input.bundle.version };
      this.changes.push({ kind: 'poisoned', enrollment: enrollment.id, event: null, reason });
    }
  }
}
