import type { Tx } from '../client.ts';

/** What serving a customer has cost so far: deliveries that aren't marketing and went out, and tasks that weren't taken back. Minor units. */
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
