import { indexBundle } from '../../domain/bundle-index.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { ActionDef, Bundle, JourneyDef, Step } from '../../domain/definition.ts';
import type { Evaluator, ExpressionScope, FactSlice } from '../../domain/facts.ts';
import { type Enrollment, type JourneyState, toEntryEvent } from '../../domain/state.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { AdvanceInput } from './advance-input.ts';
import { type DecisionRecord, emptyRecord } from './decision-record.ts';
import { type DecisionPlan, emptyPlan } from './plan.ts';

/** What a condition reads besides the facts: the enrollment, the event, and the use that attributes are read for. */
export interface ConditionContext {
  enrollment: Enrollment | null;
  event: ExpressionScope['event'];
  use: ExpressionScope['use'];
}

/**
 * The working set of one call of `advance`. `input` is read-only. `state` is a copy that the run moves step by step,
 * `plan` collects the effects to write, `record` collects the reasons.
 */
export class AdvanceRun<Loaded extends FactSlice = FactSlice> {
  readonly input: AdvanceInput<Loaded>;
  readonly state: JourneyState;
  readonly plan: DecisionPlan = emptyPlan();
  readonly record: DecisionRecord = emptyRecord();
  /** Sequence number of the newest event processed so far. */
  processedSeq: number;
  openTickets: Ticket[] = [];
  /** Which classes of actions open tickets and cool-downs suppress. */
  suppressed: ExpressionScope['suppressed'] = { marketing: false, service: false };
  /** Ids of held enrollments that one of the events may release. */
  readonly markedForRecheck = new Set<string>();

  constructor(input: AdvanceInput<Loaded>) {
    this.input = input;
    this.state = structuredClone(input.state);
    this.processedSeq = input.processedSeq;
  }

  get now(): Instant {
    return this.input.now;
  }

  /** The customer id that holdouts and shares are hashed from. */
  get experimentSubject(): string {
    return this.state.seed ?? this.input.facts.customerId;
  }

  /**
   * The bundle that an enrollment follows: the active one, or the one it is pinned to. Undefined if that is missing.
   */
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

  /** What an enrollment's own conditions read. In its steps, `event` is the event that opened the enrollment. */
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

  /** Whether a condition holds. A condition that fails to evaluate does not hold, and the failure is recorded. */
  holds(expression: string | null, about: ConditionContext): boolean {
    if (expression === null) return true;
    const result = this.evaluate(expression, about);
    if (!result.ok) this.recordFailedCondition(expression, result.error);
    return result.ok && result.value === true;
  }

  /** Records that an expression failed, once per decision. */
  recordFailedCondition(expression: string, reason: string): void {
    const isRecorded = this.record.changes.some(
      (c) => c.kind === 'condition_failed' && c.expression === expression,
    );
    if (!isRecorded) this.record.changes.push({ kind: 'condition_failed', expression, reason });
  }

  /** Adds an open enrollment to those whose row has to be written again. */
  markChanged(enrollment: Enrollment): void {
    const { changedEnrollments: changed, enteredEnrollments: entered } = this.plan;
    if (!changed.includes(enrollment) && !entered.includes(enrollment)) changed.push(enrollment);
  }

  /** Runs `work`. An error that it throws poisons this enrollment and nothing else. */
  isolate(enrollment: Enrollment, work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (enrollment.status.kind === 'poison') return;
      enrollment.status = { kind: 'poison', reason, bundle: this.input.bundle.version };
      this.record.changes.push({ kind: 'poisoned', enrollment: enrollment.id, event: null, reason });
    }
  }
}
