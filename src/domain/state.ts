import type { Instant } from './time/time.ts';

/** Whether an enrollment is treated or only observed. */
export const ARMS = ['treated', 'control'] as const;
type Arm = (typeof ARMS)[number];

/** The progress of one customer through all journeys: input and output of `advance`. Plain JSON, kept for years. */
export interface JourneyState {
  v: 2;
  /** Tickets that suppress this customer, including those of other customers. */
  openTickets: {
    id: string;
    source: string;
    severity: string;
    since: Instant;
    /** Open for longer than the policy allows; `Ticket Overdue` has been published. */
    overdue?: boolean;
  }[];
  /** End of the last cool-down, or null. */
  quietUntil: Instant | null;
  paused: { since: Instant; reason: string; by: string } | null;
  /** The customer's stage of the life cycle. */
  stage: { id: string; since: Instant } | null;
  /** Last evaluation of each segment that an entry watches. A segment that is missing was never evaluated. */
  segments: Record<string, { inside: boolean; since: Instant }>;
  /** Dates that entries wait for, by `{journey}#{entry}`. */
  dates: Record<string, ArmedDate>;
  /**
   * The customer id that holdouts and shares are hashed from, if not the customer's own. After a merge it is the id of
   * the customer who was known first, so that experiment arms are kept.
   */
  seed: string | null;
  /** Since when that customer has been known, for the next merge. */
  seedSince?: Instant;
  enrollments: Enrollment[];
  /** The customer's last decision could not be made: nothing moves until it is tried again. */
  poison?: Poison;
}

/** Why a customer is parked. An enrollment alone is parked by its status. */
export interface Poison {
  reason: string;
  since: Instant;
  /** Version of the bundle under which the decision failed. Another one is tried at once. */
  bundle: number;
  /** The newest event of the log at the last try. */
  seq: number;
  tries: number;
  /** When it is tried again. */
  until: Instant;
}

/**
 * One occurrence of a date entry. `armed` waits for it. In the other states it is over and does not come again. With
 * `invalid`, `on` holds the text that is no date, so that the problem is recorded once.
 */
export interface ArmedDate {
  /** Local date of the occurrence, `YYYY-MM-DD`: the enrollment's key. */
  on: string;
  at: Instant;
  state: 'armed' | 'entered' | 'skipped' | 'invalid';
  /** Local date of the last occurrence that came, whether the customer entered or not. It does not come again. */
  last: string | null;
}

export interface Enrollment {
  id: string;
  journey: string;
  /** Version of the bundle that was active when it entered. */
  version: number;
  key: string | null;
  arm: Arm;
  enteredAt: Instant;
  /** The event that opened it, as conditions read it. */
  entry: { id: string; name: string; at: Instant; seq: number; properties: Record<string, unknown> };
  step: string;
  since: Instant;
  /** Sequence number of the newest event processed when the step began. A wait counts only later events. */
  sinceSeq: number;
  status: EnrollmentStatus;
  goalAt: Instant | null;
  vars: Record<string, unknown>;
  /** It follows `version` to its end, whatever is edited. */
  pinned: boolean;
  /** Left out of the analysis, since a merge joined two arms. */
  excluded: boolean;
  /** Since when each `when … for` condition of the step's wait has held, by its position in the list. */
  holding: Record<string, Instant>;
  /** Steps that have emitted their event. Each step emits once, even in a loop. */
  emitted?: string[];
  /** Events that waits with `since: enter` wait for and that came before their step began, as `{step}#{position}`. */
  seen?: string[];
}

export type EnrollmentStatus =
  | { kind: 'running' }
  | { kind: 'waiting' }
  /** Every candidate is blocked. The pool judges again at `recheckAt`, or on an event that a verdict named. */
  | {
      kind: 'held';
      since: Instant;
      recheckAt: Instant;
      /** `recheckAt` is the end of quiet hours, which many customers share. */
      sharedInstant?: true;
      liftsOn: string[];
      refusal: ClaimRefusal | null;
    }
  | { kind: 'delivering'; deliveries: string[]; refusals: number }
  | { kind: 'tasked'; task: string }
  /** Its definition or data threw. It stays visible and does nothing until a new bundle or an exit by request. */
  | { kind: 'poison'; reason: string; bundle: number }
  /** In the control group: its goal and exits are checked, no step runs. */
  | { kind: 'control' };

/**
 * A claim refused the effect. The decision waits until `notBefore`, so that the two cannot alternate without a pause.
 */
export interface ClaimRefusal {
  code: string;
  /** Consecutive refusals. Each one doubles the pause. */
  count: number;
  notBefore: Instant;
}

/** An enrollment that has ended, with the time and the reason. */
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

/** The first version of the state, before merges, pins and watched segments. */
export type StateV1 = Omit<JourneyState, 'v' | 'stage' | 'segments' | 'dates' | 'seed' | 'enrollments'> & {
  v: 1;
  enrollments: Omit<Enrollment, 'pinned' | 'excluded' | 'holding'>[];
};

/**
 * Upgrades a state of an older version to the current one.
 * @throws Error for a newer version. The activity is retried until a worker that reads it runs it.
 */
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

/** The entry of an enrollment where there is none, or it was not loaded. */
export const NO_ENTRY: Enrollment['entry'] = { id: '', name: '', at: 0, seq: 0, properties: {} };

/** The event that opened the enrollment, as the conditions of its steps read it. */
export function toEntryEvent(enrollment: Pick<Enrollment, 'entry'>): {
  name: string;
  at: Instant;
  properties: Record<string, unknown>;
} {
  const { name, at, properties } = enrollment.entry;
  return { name, at, properties };
}
