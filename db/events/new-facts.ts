import type postgres from 'postgres';
import type { Tx } from '../client.ts';

type Fragment = postgres.Fragment;

/**
 * `lateral (…)`: the events of a customer that state new facts, without echoes of other members of the account. For
 * statements that join many customers. `offset 0` lets Postgres read the events of one customer at a time, by an index;
 * without statistics it would take the conditions for rare, and compare each event with each customer.
 *
 * @param customerId an expression of the statement, such as `who.id`
 * @param condition about the event `e`
 */
export function newFactsOf(tx: Tx, customerId: Fragment, condition: Fragment): Fragment {
  return tx`lateral (
    select * from events e
    where e.customer_id = ${customerId} and e.source <> 'account' and e.repeats is null and ${condition}
    offset 0)`;
}
