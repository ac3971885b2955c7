import type { JourneyState, Poison } from '../../domain/state.ts';
import { DAY, type Instant, MINUTE } from '../../domain/time/time.ts';
import type { AdvanceResult } from './advance.ts';
import { emptyRecord } from './decision-record.ts';
import { emptyPlan } from './plan.ts';

const FIRST_PAUSE = MINUTE;
const LONGEST_PAUSE = DAY;

/** Where a customer's journey stood when it could not be decided. */
export interface FailedDecision {
  state: JourneyState;
  reason: string;
  /** The newest event of the log. */
  seq: number;
  bundle: number;
  now: Instant;
}

/**
 * Parks a customer whose decision could not be made: it exceeded a limit, or the core failed. Nothing moves, no event is
 * lost, and nobody else waits for it. The pause until the next try is four times longer each time, at most a day.
 */
export function parkCustomer({ state, reason, seq, bundle, now }: FailedDecision): AdvanceResult {
  const before = state.poison?.bundle === bundle ? state.poison : undefined;
  const tries = (before?.tries ?? 0) + 1;
  const until = now + Math.min(FIRST_PAUSE * 4 ** (tries - 1), LONGEST_PAUSE);
  const poison: Poison = { reason, since: before?.since ?? now, bundle, seq, tries, until };
  return {
    ...emptyRecord(),
    state: { ...state, poison },
    outcome: 'moved',
    changes: [{ kind: 'poisoned', enrollment: null, event: null, reason }],
    plan: emptyPlan(),
    wakeAt: until,
  };
}

/** What has happened since the customer was parked. */
export interface SinceParked {
  now: Instant;
  /** Version of the active bundle. */
  bundle: number;
  /** Whether support gave a command since. */
  isCommanded: boolean;
}

/** Whether a parked customer is tried again: its time has come, the definitions changed, or support gave a command. */
export function isTriedAgain(poison: Poison, { now, bundle, isCommanded }: SinceParked): boolean {
  return now >= poison.until || bundle !== poison.bundle || isCommanded;
}

/** The state without the mark, for the next try. */
export function withoutPoison({ poison: _, ...state }: JourneyState): JourneyState {
  return state;
}
