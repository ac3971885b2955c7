import { type AdvanceResult, advance } from './advance.ts';
import type { AdvanceInput } from './advance-input.ts';
import type { JourneyChange } from './journey-change.ts';

/**
 * {@link advance} for events that may be defective. `advance` isolates events and enrollments. If it throws all the
 * same, the events are recorded as poison and skipped.
 * @throws whatever `advance` throws without them: then the customer is parked (`poison.ts`)
 */
export function advanceSafely(input: AdvanceInput): AdvanceResult {
  try {
    return advance(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const poisoned = input.events.map(
      (e): JourneyChange => ({ kind: 'poisoned', enrollment: null, event: e.id, reason }),
    );
    const processedSeq = input.events.at(-1)?.seq ?? input.processedSeq;
    const result = advance({ ...input, events: [], processedSeq });
    return { ...result, changes: [...poisoned, ...result.changes] };
  }
}
