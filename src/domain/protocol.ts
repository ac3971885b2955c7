import type { ActionClass } from './definition.ts';
import type { DeliveryState, TaskState } from './delivery.ts';
import type { CallType } from './event.ts';
import type { Enrollment, JourneyState } from './state.ts';
import type { Instant } from './time/time.ts';

/**
 * The progress protocol between the workflow and `decideNextBestAction` (design §2). The row `journeys` owns the
 * progress; the workflow says which answer it knows, and is told what holds.
 */
export interface DecideRequest {
  workspace: string;
  customerId: string;
  /** The answer that the workflow knows plus one; null when it knows none, as every run begins. */
  ordinal: number | null;
  now: Instant;
  /** Events that came by signal alone: accepted once this activity has appended them to the log. */
  directEvents: DirectEvent[];
  /** Effects have settled since the last answer, so there is something to decide even without a new event. */
  effectsSettled: boolean;
  /** The workflow wants to continue as new: further signals are held back for a moment. */
  rollingOver: boolean;
}

/** Merged or erased: the workflow completes. */
export type DecideAnswer = ProgressAnswer | { kind: 'gone' };

/**
 * The state as the workflow may know it: where the customer stands, and nothing of what events said. A history is kept
 * for long, by another store, and read by many; the whole state stays in Postgres.
 */
export interface ProgressView
  extends Pick<JourneyState, 'v' | 'openTickets' | 'quietUntil' | 'paused' | 'stage'> {
  enrollments: Omit<Enrollment, 'entry' | 'vars'>[];
}

export function toProgressView(state: JourneyState): ProgressView {
  const { v, openTickets, quietUntil, paused, stage } = state;
  const enrollments = state.enrollments.map(({ entry: _, vars: __, ...shown }) => shown);
  return { v, openTickets, quietUntil, paused, stage, enrollments };
}

export interface ProgressAnswer {
  /** `decided`: this is the answer to what was asked. `resume`: the workflow was behind; this is what holds. */
  kind: 'decided' | 'resume';
  ordinal: number;
  processedSeq: number;
  state: ProgressView;
  /** Every effect that isn't final, whoever forgot it. Starting one twice is harmless: its claim decides. */
  effects: PendingEffect[];
  wakeAt: Instant | null;
  /** The log holds more than this answer took. */
  more: boolean;
}

export type PendingEffect = { id: string; class: ActionClass } & (Deliver | { kind: 'raise_agent_task' });

interface Deliver {
  kind: 'deliver';
  channel: string;
  /** Due then: an attempt before it would be sent away. Missing in answers of older builds. */
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
  /** Journey time at which to try again; null when the next decision has to say what follows. */
  retryAt: Instant | null;
}

/** An event as a Temporal client signals it. Backends use HTTP, which answers once it's in the log. */
export interface DirectEvent {
  messageId: string;
  type: CallType;
  event: string;
  /** RFC 3339. */
  timestamp: string;
  properties: Record<string, unknown>;
}
