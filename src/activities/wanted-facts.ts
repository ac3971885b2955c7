import type { JourneyRow } from '../../db/queries/lock-journey.ts';
import type { FactsWanted } from '../../db/queries/read-facts.ts';
import { longestWindow } from '../decisioning/windows.ts';
import type { Bundle } from '../domain/definition.ts';
import type { JourneyState } from '../domain/state.ts';
import { DAY, type Instant } from '../domain/time.ts';

/** Events that one decision takes at most; with more, it answers `more` and is asked again at once. */
const PAGE = 200;

/** What a decision has to read about its customer. */
export function wantedFacts(
  customerId: string,
  row: JourneyRow,
  state: JourneyState,
  bundle: Bundle | null,
  now: Instant,
): FactsWanted {
  const statuses = state.enrollments.map((e) => e.status);
  return {
    customerId,
    afterSeq: row.tookSeq,
    limit: PAGE,
    since: now - (bundle ? longestWindow(bundle) : 30 * DAY),
    ids: statuses.flatMap((s) =>
      s.kind === 'delivering' ? s.deliveries : s.kind === 'tasked' ? [s.task] : [],
    ),
    endings: bundle ? endingsOf(bundle) : [],
  };
}

/** Names of events that end some journey. */
function endingsOf(bundle: Bundle): string[] {
  const names = bundle.journeys.flatMap((journey) => [
    ...(journey.goal?.exit ? [journey.goal.on] : []),
    ...journey.exit.flatMap((exit) => (exit.kind === 'event' ? [exit.trigger.on] : [])),
  ]);
  return [...new Set(names)];
}
