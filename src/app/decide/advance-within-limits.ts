import type { JourneyEvent } from '../../domain/event.ts';
import { SECOND } from '../../domain/time/time.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import type { AdvanceInput } from '../../engine/journey/advance-input.ts';
import { advanceSafely } from '../../engine/journey/advance-safely.ts';
import { computeScores, type ScoresRequest } from '../../learning/scores/compute-scores.ts';
import { limitSteps } from '../../limits/limit-steps.ts';
import { runWithin } from '../../limits/run-within.ts';

/** A hundred times what a decision takes. Two tries are shorter than the time-out of the activity. */
const MAX_MS = SECOND;
/** Of all conditions together: a few hundred milliseconds. */
const MAX_STEPS = 5_000_000;

export type AdvanceWithinLimits =
  | {
      ok: true;
      /** The events that were processed: those of the batch, or the first of them. */
      events: JourneyEvent[];
      scores: Record<string, number>;
      result: AdvanceResult;
    }
  | { ok: false; reason: string };

/**
 * Runs the core within limits of steps and time. A batch that exceeds one is tried again with its first event alone: a
 * backlog of many events is not the fault of any of them, and a process that was suspended has used up the time of the
 * first try.
 */
export function advanceWithinLimits(
  input: Omit<AdvanceInput, 'scores'>,
  fitted: ScoresRequest['fitted'],
): AdvanceWithinLimits {
  const attempt = (events: JourneyEvent[]): AdvanceWithinLimits => {
    const { evaluate, check } = limitSteps(input.evaluate, MAX_STEPS);
    try {
      const { facts, bundle, now } = input;
      const advanced = runWithin(MAX_MS, () => {
        const scores = computeScores({ facts, bundle, fitted, now, evaluate });
        return { scores, result: advanceSafely({ ...input, events, evaluate, scores }) };
      });
      check();
      return { ok: true, events, ...advanced };
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  };
  const whole = attempt(input.events);
  return whole.ok ? whole : attempt(input.events.slice(0, 1));
}
