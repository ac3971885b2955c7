import { HOUR } from '../../domain/time/time.ts';
import { type AdvanceResult, advance } from './advance.ts';
import type { AdvanceInput } from './advance-input.ts';
import { emptyRecord } from './decision-record.ts';
import type { JourneyChange } from './journey-change.ts';
import { emptyPlan } from './plan.ts';

/**
 * {@link advance} that never throws, so that no defect can stop a customer's journey for good. `advance` already
 * isolates events and enrollments. If it throws all the same, the events are recorded as poison and skipped. If it
 * throws again without them, the state stays as it is and the customer is decided again in an hour.
 */
export function advanceSafely(input: AdvanceInput): AdvanceResult {
  try {
    return advance(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const poisoned = input.events.map(
      (e): JourneyChange => ({ kind: 'poisoned', enrollment: null, event: e.id, reason }),
    );
    try {
      const processedSeq = input.events.at(-1)?.seq ?? input.processedSeq;
      const result = advance({ ...input, events: [], processedSeq });
      return { ...result, changes: [...poisoned, ...result.changes] };
    } catch {
      const failure: JourneyChange = { kind: 'poisoned', enrollment: null, event: null, reason };
      return {
        ...emptyRecord(),
        state: input.state,
        outcome: 'moved',
        changes: [...poisoned, failure],
        plan: emptyPlan(),
        wakeAt: input.now + HOUR,
      };
    }
  }
}
