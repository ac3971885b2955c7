import type { EnrollmentStatus } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';

/** Number of customers at one step of a journey, in one state. One with two enrollments there counts twice. */
export interface ParkedCount {
  journey: string;
  step: string;
  state: EnrollmentStatus['kind'];
  /** The version under which they entered. */
  version: number;
  pinned: boolean;
  customers: number;
}

/** Counts the customers at each step, over all open enrollments or those of one journey. Reads one index only. */
export async function countParkedCustomers(
  tx: Tx,
  workspace: string,
  journey?: string,
): Promise<ParkedCount[]> {
  return tx<ParkedCount[]>`
    select journey, step, state, version, pinned, count(*) as customers
    from enrollments
    where workspace = ${workspace} and ended_at is null and step is not null
      and ${journey === undefined ? tx`true` : tx`journey = ${journey}`}
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
}
