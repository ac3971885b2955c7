import type { Instant } from './time/time.ts';

/** Whether an enrollment is treated or only observed. */
export const ARMS = ['treated', 'control'] as const;
export type Arm = (typeof ARMS)[number];

/** The progress of one customer through all their journeys: what `advance` takes and gives back. Plain JSON, carried over years. */
export interface JourneyState {
  v: 2;
  /** Those that silence this customer, whosever they are. */
  openTickets: {
    id: string;
    source: string;
    severity: string;
    since: Instant;
    /** Open for longer than the policy allows, and told of. */
    overdue?: boolean;
  }[];
  /** End of the last cool-down, or null. */
  quietUntil: Instant | null;
  paused: { since: Instant; reason: string; by: string } | null;
  /** Where in the whole life the customer stands. */
  stage: { id: string; since: Instant } | null;
  /** Membership of the segments that some entry watches, as last seen. One that isn't there was never looked at. */
  segments: Record<string, { inside: boolean; since: Instant }>;
  /** Dates that some entry waits for, by `{journey}#{entry}`. */
  dates: Record<string, ArmedDate>;
  /**
   * Whose id decides holdouts and shares, if not the customer's own: after a merge the older known customer's, so that
   * an experiment's arm is kept.
   */
  seed: string | null;
  /** Since when that one was known, for the next merge. */
  seedSince?: Instant;
  enrollments: Enrollment[];
}

/**
 * One occurrence of a date entry. `armed` waits for it; the others are over, and told apart so that each comes once.
 * `invalid` holds in `on` what was said instead of a date, so that it is complained of once.
 */
export interface ArmedDate {
  /** Local date of the occurrence, `YYYY-MM-DD`: the enrollment's key. */
  on: string;
  at: Instant;
  state: 'armed' | 'entered' | 'skipped' | 'invalid';
  /** Local date of the last occurrence that came, whether it let the customer in or not: it doesn't come again. */
  last: string | null;
}

export interface Enrollment {
  id: string;
  journey: string;
  /** Of the bundle that it entered under. */
  version: number;
  key: string | null;
  arm: Arm;
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
  /** It ends under the version that it entered, whatever is edited. */
  pinned: boolean;
  /** Left out of the analysis: two arms met in a merge. */
  excluded: boolean;
  /** Since when each `when … for` of the step's wait has held, by its position. */
  holding: Record<string, Instant>;
  /** Steps whose event was emitted: each does it once, however often it is passed. */
  emitted?: string[];
  /** What waits with `since: enter` have seen before their step began, as `{step}#{position}`. */
  seen?: string[];
}

export type EnrollmentStatus =
  | { kind: 'running' }
  | { kind: 'waiting' }
  /** Every candidate is blocked; decided afresh at `recheckAt` or when a fact comes that a verdict named. */
  | {
      kind: 'held';
      since: Instant;
      recheckAt: Instant;
      /** It is the end of quiet hours that may lift it: many wait for that same instant. */
      together?: true;
      liftsOn: string[];
      refusal: ClaimRefusal | null;
    }
  | { kind: 'delivering'; deliveries: string[]; refusals: number }
  | { kind: 'tasked'; task: string }
  /** Its definition or data threw. It stays visible and does nothing until a new bundle or an exit. */
  | { kind: 'poison'; reason: string; bundle: number }
  /** A control of the holdout: goal and exits live, no step runs. */
  | { kind: 'control' };

/** A claim sent the effect back. Asked again before `notBefore`, the two might answer each other at full speed. */
export interface ClaimRefusal {
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
  return {
    v: 2,
    openTickets: [],
    quietUntil: null,
    paused: null,
    stage: null,
    segments: {},
    dates: {},
    seed: null,
    enrollments: [],
  };
}

/** What was written before merges, pins and watched segments were there. */
export type StateV1 = Omit<JourneyState, 'v' | 'stage' | 'segments' | 'dates' | 'seed' | 'enrollments'> & {
  v: 1;
  enrollments: Omit<Enrollment, 'pinned' | 'excluded' | 'holding'>[];
};

/** Lifts a state of an older version to the current one. Throws for a newer one: that is retried until the fleet can read it. */
export function upgradeState(state: JourneyState | StateV1 | null): JourneyState {
  if (state === null) return emptyState();
  if (state.v === 1) {
    const enrollments = state.enrollments.map((e) => ({ ...e, pinned: false, excluded: false, holding: {} }));
    return { ...emptyState(), ...state, v: 2, enrollments };
  }
  if (state.v !== 2)
    throw new Error(`journey state v${String((state as { v: unknown }).v)} is newer than this worker reads`);
  return state;
}

/** Stands for the entry of an enrollment where that isn't known, or there is none. */
export const NO_ENTRY: Enrollment['entry'] = { id: '', name: '', at: 0, seq: 0, properties: {} };

/** In steps, `event` is the one that opened the enrollment. */
export function toEntryEvent(enrollment: Pick<Enrollment, 'entry'>): {
  name: string;
  at: Instant;
  properties: Record<string, unknown>;
} {
  const { name, at, properties } = enrollment.entry;
  return { name, at, properties };
}
