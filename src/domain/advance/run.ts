import type { JudgedCandidate } from '../candidate.ts';
import type { Choose, Evaluate, Facts, Scope } from '../context.ts';
import type { ActionClass, Bundle, JourneyDef, Step } from '../definition.ts';
import type { JourneyEvent } from '../event.ts';
import type { EndedEnrollment, Enrollment, JourneyState } from '../state.ts';
import type { Ticket } from '../ticket.ts';
import type { Instant } from '../time.ts';

export interface AdvanceInput {
  state: JourneyState;
  /** Taken from the log in order; each is taken by exactly one decision. */
  events: JourneyEvent[];
  /** Newest event that an earlier decision took. */
  tookSeq: number;
  facts: Facts;
  bundle: Bundle;
  now: Instant;
  evaluate: Evaluate;
  choose: Choose;
  /** Computed from the facts by the decisioning. */
  scores: Record<string, number>;
  /** Unique per decision; every id that it mints starts with it, so a second try mints the same ones. */
  ref: string;
  /** The definitions have changed since the last decision. */
  edited: boolean;
  /** Events taken earlier that would end a journey which one of `events` would enter (late arrivals). */
  ends: Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>[];
}

export interface PlannedDelivery {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  topic: string | null;
  channel: string;
  key: string | null;
  at: Instant;
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
  queue: string;
  at: Instant;
  acknowledgeBy: Instant;
  resolveBy: Instant;
  why: string[];
}

/** What happened to enrollments and events, for the decision's record. */
export type Change =
  | { kind: 'entered'; enrollment: string; journey: string; key: string | null; arm: string; event: string }
  | { kind: 'not_entered'; journey: string; key: string | null; event: string; reason: string }
  | { kind: 'moved'; enrollment: string; journey: string; from: string; to: string; because: string }
  | { kind: 'goal'; enrollment: string; journey: string; event: string }
  | { kind: 'ended'; enrollment: string; journey: string; reason: string }
  | { kind: 'poisoned'; enrollment: string | null; event: string | null; reason: string }
  | { kind: 'condition_failed'; expression: string; reason: string };

/** What the deciding transaction must write beside the state. */
export interface Plan {
  deliveries: PlannedDelivery[];
  cancelledDeliveries: { id: string; reason: string }[];
  tasks: PlannedTask[];
  withdrawnTasks: { id: string; reason: string }[];
  expiredTasks: string[];
  escalatedTasks: { id: string; queue: string; level: number; acknowledgeBy: Instant }[];
  /** Cool-downs that begin with this decision. */
  quiet: { ticketId: string; until: Instant }[];
  entered: Enrollment[];
  ended: EndedEnrollment[];
}

export function emptyPlan(): Plan {
  return {
    deliveries: [],
    cancelledDeliveries: [],
    tasks: [],
    withdrawnTasks: [],
    expiredTasks: [],
    escalatedTasks: [],
    quiet: [],
    entered: [],
    ended: [],
  };
}

/** The working set of one `advance`: one copy of the state, moved step by step. */
export class Run {
  readonly state: JourneyState;
  readonly changes: Change[] = [];
  readonly judged: JudgedCandidate[] = [];
  readonly plan = emptyPlan();
  /** Newest event taken so far. */
  seq: number;
  openTickets: Ticket[] = [];
  /** Held enrollments that one of the events concerns. */
  readonly stirred = new Set<string>();
  readonly input: AdvanceInput;

  constructor(input: AdvanceInput) {
    this.input = input;
    this.state = structuredClone(input.state);
    this.seq = input.tookSeq;
  }

  get now(): Instant {
    return this.input.now;
  }

  journey(id: string): JourneyDef | undefined {
    return this.input.bundle.journeys.find((j) => j.id === id);
  }

  stepOf(enrollment: Enrollment): Step | undefined {
    return this.journey(enrollment.journey)?.steps.find((s) => s.id === enrollment.step);
  }

  mint(prefix: 'enr' | 'dlv' | 'tsk', n: number): string {
    return `${prefix}_${this.input.ref}_${n}`;
  }

  /** Marketing is silent while a ticket is open and until the cool-down has passed. */
  get suppressed(): { marketing: boolean; service: boolean } {
    const open = this.openTickets.length > 0;
    const classes = this.input.bundle.workspace.tickets.suppress;
    const quiet = this.state.quietUntil !== null && this.state.quietUntil > this.now;
    return { marketing: (open || quiet) && classes.includes('marketing'), service: open };
  }

  /** Whether a condition holds. One that fails to evaluate doesn't hold, and the decision says so. */
  holds(expression: string | null, enrollment: Enrollment | null, event: Scope['event']): boolean {
    if (expression === null) return true;
    const result = this.input.evaluate(expression, {
      event,
      facts: this.input.facts,
      suppressed: this.suppressed,
      enrollment,
      now: this.now,
      scores: this.input.scores,
    });
    if (!result.ok) {
      const known = this.changes.some((c) => c.kind === 'condition_failed' && c.expression === expression);
      if (!known) this.changes.push({ kind: 'condition_failed', expression, reason: result.error });
      return false;
    }
    return result.value === true;
  }

  /** Runs `work`; what it throws poisons this enrollment and nothing else. */
  guard(enrollment: Enrollment, work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      enrollment.status = { kind: 'poison', reason, bundle: this.input.bundle.version };
      this.changes.push({ kind: 'poisoned', enrollment: enrollment.id, event: null, reason });
    }
  }
}
