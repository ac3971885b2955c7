import { HOUR } from '../time.ts';
import { type Advanced, advance } from './advance.ts';
import type { AdvanceInput, Change } from './run.ts';
import { emptyPlan } from './run.ts';

/**
 * {@link advance}, for a customer who must go on whatever happens. Events and enrollments are isolated inside already;
 * should the core throw all the same, the batch is marked as poison and passed over, and if even that fails, nothing
 * moves and the customer is looked at again in an hour. Either way the reason stands in the decision.
 */
export function advanceSafely(input: AdvanceInput): Advanced {
  try {
    return advance(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const poisoned = input.events.map(
      (e): Change => ({ kind: 'poisoned', enrollment: null, event: e.id, reason }),
    );
    try {
      const tookSeq = input.events.at(-1)?.seq ?? input.tookSeq;
      const advanced = advance({ ...input, events: [], tookSeq });
      return { ...advanced, changes: [...poisoned, ...advanced.changes] };
    } catch {
      const changes: Change[] = [...poisoned, { kind: 'poisoned', enrollment: null, event: null, reason }];
      return {
        state: input.state,
        outcome: 'moved',
        judged: [],
        arbitrated: [],
        asked: [],
        changes,
        plan: emptyPlan(),
        wakeAt: input.now + HOUR,
      };
    }
  }
}
