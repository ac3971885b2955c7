import type { Tx } from '../client.ts';

export interface JourneyCount {
  journey: string;
  arm: 'treated' | 'control';
  open: number;
  ended: number;
  /** Open and ended enrollments that reached the goal. */
  goal: number;
}

/** Open and ended enrollments and reached goals of each journey, by arm. */
export async function viewJourneyCounts(tx: Tx, workspace: string): Promise<JourneyCount[]> {
  return tx<JourneyCount[]>`
    select journey, arm, count(*) filter (where ended_at is null) as open,
           count(*) filter (where ended_at is not null) as ended, count(*) filter (where goal_at is not null) as goal
    from enrollments where workspace = ${workspace} group by journey, arm order by journey, arm desc`;
}
