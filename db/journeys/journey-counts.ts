import type { Tx } from '../client.ts';

export interface JourneyCount {
  journey: string;
  arm: 'treated' | 'control';
  open: number;
  ended: number;
  /** Open and ended enrollments that reached the goal. */
  goal: number;
  /** Open enrollments whose definition or data failed. */
  stuck: number;
}

/** Open and ended enrollments and reached goals of each journey, or of one, by arm. */
export async function viewJourneyCounts(
  tx: Tx,
  workspace: string,
  journey?: string,
): Promise<JourneyCount[]> {
  return tx<JourneyCount[]>`
    select journey, arm, count(*) filter (where ended_at is null) as open,
           count(*) filter (where ended_at is not null) as ended, count(*) filter (where goal_at is not null) as goal,
           count(*) filter (where ended_at is null and state = 'poison') as stuck
    from enrollments
    where workspace = ${workspace} and ${journey === undefined ? tx`true` : tx`journey = ${journey}`}
    group by journey, arm order by journey, arm desc`;
}
