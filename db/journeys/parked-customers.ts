import type { EnrollmentStatus } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';

/** Number of customers at one step of a journey, in one state. */
export interface ParkedCount {
  journey: string;
  step: string;
  state: EnrollmentStatus['kind'];
  /** The version under which they entered. */
  version: number;
  pinned: boolean;
  customers: number;
}

/** Counts the customers at each step, over all open enrollments or those of one journey. */
export async function countParkedCustomers(
  tx: Tx,
  workspace: string,
  journey?: string,
): Promise<ParkedCount[]> {
  return tx<ParkedCount[]>`
    select e ->> 'journey' as journey, e ->> 'step' as step, e -> 'status' ->> 'kind' as state,
      (e ->> 'version')::int as version, coalesce((e ->> 'pinned')::boolean, false) as pinned,
      count(distinct j.customer_id) as customers
    from journeys j cross join jsonb_array_elements(j.state -> 'enrollments') e
    where j.workspace = ${workspace} and ${journey === undefined ? tx`true` : tx`e ->> 'journey' = ${journey}`}
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
}
