import type { Tx } from '../client.ts';
import type { Span } from './span.ts';

export interface BuyerRow {
  customer: string;
  /** The id that determines experiments. */
  subject: string;
  /** Months since year 0 with an order, ascending. */
  months: number[];
  /** Whether the profile lacks older orders, so that months may be missing. */
  incomplete: boolean;
}

/** As `readBuyers`, of some customers whenever they first ordered, with the time of that. */
export async function readBuyersAmong(
  tx: Tx,
  { workspace, timezone, customers }: { workspace: string; timezone: string; customers: string[] },
): Promise<(BuyerRow & { first: number })[]> {
  return selectBuyers(tx, { workspace, timezone }, tx`c.id = any(${customers})`, tx`b.first is not null`);
}

/**
 * Customers whose first order is within the span, with the months of all orders that were paid and not returned. A
 * profile keeps the newest 50 orders, and always the time of the first. `timezone` determines where months begin.
 */
export async function readBuyers(
  tx: Tx,
  query: Span & { timezone: string },
  most: number,
): Promise<BuyerRow[]> {
  const { from, to } = query;
  return selectBuyers(tx, query, tx`true`, tx`b.first >= ${from} and b.first < ${to}`, most);
}

async function selectBuyers(
  tx: Tx,
  { workspace, timezone }: { workspace: string; timezone: string },
  who: ReturnType<Tx>,
  when: ReturnType<Tx>,
  most: number | null = null,
): Promise<(BuyerRow & { first: number })[]> {
  const month = (at: ReturnType<typeof tx>) => tx`
    (extract(year from to_timestamp((${at})::float8 / 1000.0) at time zone ${timezone}) * 12
     + extract(month from to_timestamp((${at})::float8 / 1000.0) at time zone ${timezone}) - 1)::int`;
  return tx<(BuyerRow & { first: number })[]>`
    select b.id as customer, b.subject, b.incomplete, b.first,
           array(select distinct m from (
             select ${month(tx`b.first`)} as m
             union all select ${month(tx`o ->> 'at'`)} from jsonb_array_elements(b.orders) o
               where o ->> 'status' = 'paid'
           ) t order by m) as months
    from (
      select c.id, coalesce(j.state ->> 'seed', c.id) as subject, c.profile -> 'orders' as orders,
             (c.profile ->> 'orderCount')::int > jsonb_array_length(c.profile -> 'orders') as incomplete,
             case when (c.profile ->> 'orderCount')::int > jsonb_array_length(c.profile -> 'orders')
               then coalesce((c.profile #>> '{counts,Order Completed,first}')::float8,
                             (c.profile #>> '{orders,0,at}')::float8)
               else (select min((o ->> 'at')::float8) from jsonb_array_elements(c.profile -> 'orders') o
                     where o ->> 'status' = 'paid') end as first
      from customers c left join journeys j on j.customer_id = c.id
      where c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
        and jsonb_array_length(c.profile -> 'orders') > 0 and ${who}
    ) b
    where ${when}
    order by b.id limit ${most === null ? null : most + 1}`;
}

/** The arm of the first enrollment in a journey, by customer. */
export async function readFirstArms(
  tx: Tx,
  workspace: string,
  journey: string,
): Promise<{ customer: string; arm: 'treated' | 'control'; excluded: boolean }[]> {
  return tx`
    select distinct on (customer_id) customer_id as customer, arm, excluded from enrollments
    where workspace = ${workspace} and journey = ${journey} order by customer_id, entered_at, id`;
}
