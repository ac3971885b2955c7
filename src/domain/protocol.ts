import type { ActionClass } from './definition.ts';
import type { DeliveryState, TaskState } from './delivery.ts';
import type { CallType } from './event.ts';
import type { Enrollment, EnrollmentStatus, JourneyState } from './state.ts';
import type { Instant } from './time/time.ts';

/**
 * The progress protocol between the workflow and the activity `decideNextBestAction`.
 *
 * The row in `journeys` owns a customer's progress. It counts answers by an ordinal. The workflow requests the ordinal
 * after the last answer it has received, or null at the beginning of a run.
 *
 * - It is the row's next ordinal: the activity processes events, decides, and returns a `decided` answer.
 * - It is the row's ordinal: that answer was lost on its way, and the stored one is returned again.
 * - Any other: the workflow is behind, or Postgres was restored. The activity changes nothing and returns the current
 *   progress as `resume`.
 *
 * The workflow replaces its copy of the progress by every answer. So answers may be lost or repeated, and two workers
 * may run the same request, without a second decision.
 */
export interface DecideRequest {
  workspace: string;
  customerId: string;
  /** Ordinal of the last received answer plus one; null at the beginning of a run. */
  ordinal: number | null;
  now: Instant;
  /** Events that came by signal alone. They count as accepted once this activity has appended them to the log. */
  directEvents: DirectEvent[];
  /** Signalled items that are no events: they go to the rejected list. */
  directRefusals?: DirectRefusal[];
  /** Whether effects have ended since the last answer: then there is something to decide even without a new event. */
  effectsSettled: boolean;
  /** Whether the workflow is about to continue as new: the relay then holds further signals back for a moment. */
  rollingOver: boolean;
}

/** `gone`: the customer was merged or erased, and the workflow completes. */
export type DecideAnswer = ProgressAnswer | { kind: 'gone' };

/**
 * The part of the state that enters histories: ids, states and positions in journeys, but no content of events and
 * nothing that people have written. Temporal keeps histories for long, and operators read them; the whole state stays in
 * Postgres.
 */
export interface ProgressView extends Pick<JourneyState, 'v' | 'openTickets' | 'quietUntil' | 'stage'> {
  paused: { since: Instant } | null;
  enrollments: EnrollmentView[];
}

interface EnrollmentView extends Omit<Enrollment, 'entry' | 'vars' | 'status'> {
  status: Exclude<EnrollmentStatus, { kind: 'poison' }> | { kind: 'poison'; bundle: number };
}

export function toProgressView(state: JourneyState): ProgressView {
  const { v, openTickets, quietUntil, paused, stage } = state;
  const enrollments = state.enrollments.map(toEnrollmentView);
  return { v, openTickets, quietUntil, paused: paused && { since: paused.since }, stage, enrollments };
}

/** The reason of a poisoned enrollment is an error text, which may quote what a customer has sent. */
function toEnrollmentView({ entry: _, vars: __, status, ...shown }: Enrollment): EnrollmentView {
  return { ...shown, status: status.kind === 'poison' ? { kind: 'poison', bundle: status.bundle } : status };
}

export interface ProgressAnswer {
  /**
   * `decided`: the result of the requested ordinal. `resume`: the workflow was behind; this is the current progress.
   */
  kind: 'decided' | 'resume';
  ordinal: number;
  /** Sequence number of the last event that the progress includes. */
  processedSeq: number;
  state: ProgressView;
  /** Every effect that isn't final. Starting one twice is harmless, because its claim lets only one attempt send. */
  effects: PendingEffect[];
  /** The next instant at which time alone changes something, or null. */
  wakeAt: Instant | null;
  /** Whether the log holds events beyond `processedSeq`. */
  more: boolean;
}

export type PendingEffect = { id: string; class: ActionClass } & (Deliver | { kind: 'raise_agent_task' });

interface Deliver {
  kind: 'deliver';
  channel: string;
  /** The planned hour; a claim before it is refused. Missing in answers of older builds. */
  notBefore?: Instant;
}

export interface EffectRequest {
  workspace: string;
  customerId: string;
  id: string;
  now: Instant;
}

export interface EffectResult {
  id: string;
  state: DeliveryState | TaskState;
  /** Journey time of the next attempt; null when the next decision determines what follows. */
  retryAt: Instant | null;
}

/** A signalled item that is no event, or that the log could not hold. */
export interface DirectRefusal {
  messageId: string;
  /** Stable, in lower_snake. */
  code: string;
  reason: string;
  /** The upper levels of what was signalled, as JSON, shortened. */
  body: string;
}

/** An event that a Temporal client signals directly. Backends use HTTP, which answers once the event is in the log. */
export interface DirectEvent {
  messageId: string;
  type: CallType;
  event: string;
  /** RFC 3339. */
  timestamp: string;
  properties: Record<string, unknown>;
}
