import type { Bundle } from '../../domain/definition.ts';
import type { JourneyEvent } from '../../domain/event.ts';
import type { ConditionFacts, Evaluator, FactSlice, Facts } from '../../domain/facts.ts';
import type { JourneyState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Chooser } from '../request.ts';
import type { Treater } from '../treatment/treatment.ts';

/**
 * Everything that one decision about a customer depends on. `Loaded` are the slices beyond those of conditions: a
 * decision has all of them, a view of what is waited for only some.
 */
export interface AdvanceInput<Loaded extends FactSlice = FactSlice> {
  state: JourneyState;
  /** New events in the order of the log. Each event is processed by exactly one decision. */
  events: JourneyEvent[];
  /** Sequence number of the newest event that an earlier decision processed. */
  processedSeq: number;
  facts: ConditionFacts & Facts<Loaded>;
  bundle: Bundle;
  now: Instant;
  evaluate: Evaluator;
  choose: Chooser;
  treat: Treater;
  /** Named scores of the customer, computed from the same facts. */
  scores: Record<string, number>;
  /** Unique per decision. Every id that the decision mints contains it, so that a retry mints the same ids. */
  decisionRef: string;
  /** Whether the definitions have changed since the customer's last decision. */
  definitionsChanged: boolean;
  /** Older versions of the bundle that pinned enrollments still follow, by version. */
  pinnedBundles: ReadonlyMap<number, Bundle>;
  /** Earlier events that end a journey which one of `events` would enter: the entering event arrived late. */
  closingEvents: Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>[];
}
