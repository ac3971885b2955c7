import type { JourneyEvent } from '../../domain/event.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import type { AdvanceInput } from '../../engine/journey/advance-input.ts';
import { advanceSafely } from '../../engine/journey/advance-safely.ts';
import { computeScores, type ScoresRequest } from '../../learning/scores/compute-scores.ts';
import { runLimitedTogether } from '../../limits/limit-steps.ts';
import { DECISION_LIMITS } from './decision-limits.ts';

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
export async function advanceWithinLimits(
  input: Omit<AdvanceInput, 'scores'>,
  fitted: ScoresRequest['fitted'],
): Promise<AdvanceWithinLimits> {
  const attempt = async (events: JourneyEvent[]): Promise<AdvanceWithinLimits> => {
    const { facts, bundle, now } = input;
    try {
      const advanced = await runLimitedTogether(input.evaluate, DECISION_LIMITS, (evaluate) => {
        const scores = computeScores({ facts, bundle, fitted, now, evaluate });
        return { scores, result: advanceSafely({ ...input, events, evaluate, scores }) };
      });
      return { ok: true, events, ...advanced };
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  };
  const whole = await attempt(input.events);
  return whole.ok ? whole : attempt(input.events.slice(0, 1));
}
