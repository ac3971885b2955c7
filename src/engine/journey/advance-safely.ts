import { HOUR } from '../../domain/time/time.ts';
import { type AdvanceResult, advance } from './advance.ts';
import type { AdvanceInput, JourneyChange } from './advance-run.ts';
import { emptyPlan } from './advance-run.ts';

/**
 * {@link advance}, for a customer who must go on whatever happens. Events and enrollments are isolated inside already;
 * should the core throw all the same, the batch is marked as poison and passed over, and if even that fails, nothing
 * moves and the customer is looked at again in an hour. Either way the reason stands in the decision.
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
      const tookSeq = input.events.at(-1)?.seq ?? input.processedSeq;
      const advanced = advance({ ...input, events: [], processedSeq: tookSeq });
      return { ...advanced, changes: [...poisoned, ...advanced.changes] };
    } catch {
      const changes: JourneyChange[] = [
        ...poisoned,
        { kind: 'poisoned', enrollment: null, event: null, reason },
      ];
      return {
        state: input.state,
        outcome: 'moved',
        judgedCandidates: [],
        arbitrations: [],
        decisionInputs: [],
        changes,
        plan: emptyPlan(),
        wakeAt: input.now + HOUR,
      };
    }
  }
}
