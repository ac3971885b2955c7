import type { Tx } from '../client.ts';

/**
 * The cost of serving a customer so far, in minor units: non-marketing deliveries that were sent, and tasks that were
 * not withdrawn.
 */
export async function readServiceCost(tx: Tx, customerId: string): Promise<number> {
  const [row] = await tx<{ cost: number }[]>`
    select (
      (select coalesce(sum(cost), 0) from deliveries
       where customer_id = ${customerId} and class <> 'marketing' and state in ('sent', 'unknown'))
      + (select coalesce(sum(cost), 0) from agent_tasks
         where customer_id = ${customerId} and class <> 'marketing' and state not in ('planned', 'withdrawn'))
    )::bigint as cost`;
  return row?.cost ?? 0;
}
