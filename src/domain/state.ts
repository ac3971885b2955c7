import type { Instant } from './time.ts';

/** The progress of one customer through all their journeys: what `advance` takes and gives back. Plain JSON, carried over years. */
export interface JourneyState {
  v: 1;
  openTickets: { id: string; source: string; severity: string; since: Instant }[];
  /** End of the last cool-down, or null. */
  quietUntil: Instant | null;
  paused: { since: Instant; reason: string; by: string } | null;
  enrollments: Enrollment[];
}

export interface Enrollment {
  id: string;
  journey: string;
  /** Of the bundle that it entered under. */
  version: number;
  key: string | null;
  arm: 'treated' | 'control';
  enteredAt: Instant;
  /** The event that opened it, as conditions read it. */
  entry: { id: string; name: string; at: Instant; seq: number; properties: Record<string, unknown> };
  step: string;
  since: Instant;
  /** Sequence number of the newest event that was taken when the step began: a wait counts only later ones. */
  sinceSeq: number;
  status: EnrollmentStatus;
  goalAt: Instant | null;
  vars: Record<string, unknown>;
}

export type EnrollmentStatus =
  | { kind: 'running' }
  | { kind: 'waiting' }
  /** Every candidate is blocked; decided afresh at `recheckAt` or when a fact comes that a verdict named. */
  | { kind: 'held'; since: Instant; recheckAt: Instant; liftsOn: string[]; refusal: Refusal | null }
  | { kind: 'delivering'; deliveries: string[]; refusals: number }
  | { kind: 'tasked'; task: string }
  /** Its definition or data threw. It stays visible and does nothing until a new bundle or an exit. */
  | { kind: 'poison'; reason: string; bundle: number }
  /** A control of the holdout: goal and exits live, no step runs. */
  | { kind: 'control' };

/** A claim sent the effect back. Asked again before `notBefore`, the two might answer each other at full speed. */
export interface Refusal {
  code: string;
  /** Refusals in a row; each doubles the pause. */
  count: number;
  notBefore: Instant;
}

/** Why an enrollment ended. */
export interface EndedEnrollment extends Enrollment {
  endedAt: Instant;
  reason: string;
}

export function emptyState(): JourneyState {
  return { v: 1, openTickets: [], quietUntil: null, paused: null, enrollments: [] };
}

/** Lifts a state of an older version to the current one. Throws for a newer one: that is retried until the fleet can read it. */
export function upgradeState(state: JourneyState | null): JourneyState {
  if (state === null) return emptyState();
  if (state.v !== 1) throw new Error(`journey state v${String(state.v)} is newer than this worker reads`);
  return state;
}

/** In steps, `event` is the one that opened the enrollment. */
export function entryOf(enrollment: Pick<Enrollment, 'entry'>): {
  name: string;
  at: Instant;
  properties: Record<string, unknown>;
} {
  const { name, at, properties } = enrollment.entry;
  return { name, at, properties };
}
