import type { KpiEvent } from '../../src/statistics/experiments/kpi-events.ts';
import type { Tx } from '../client.ts';
import { newFactsOf } from '../events/new-facts.ts';
import { sampleCondition } from './arms.ts';
import type { Span } from './span.ts';

export type KpiEventRow = KpiEvent & { customer: string };

/** Must repeat the condition of the index `events_kpi`, or Postgres does not use it. */
const indexed = (
  tx: Tx,
) => tx`e.name in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled',
  'Delivery Complained', 'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered')`;

/**
 * KPI events of these customers before an instant, and changes and returns of orders since, without echoes of other
 * members. Events of merged customers are read from the logs of those.
 */
export async function readKpiEvents(
  tx: Tx,
  customers: string[],
  { names, to }: { names: readonly string[]; to: number },
): Promise<KpiEventRow[]> {
  const counted = tx`e.name = any(${[...names]}) and ${indexed(tx)}
    and (e.at < to_timestamp(${to}::bigint / 1000.0) or e.name in ('Order Updated', 'Order Refunded', 'Order Cancelled'))`;
  return tx<KpiEventRow[]>`
    select who.customer, e.name, (extract(epoch from e.at) * 1000)::bigint as at, p -> 'order_id' as "orderId",
      p -> 'total' as total, p -> 'revenue' as revenue, p -> 'value' as value, p -> 'amount' as amount,
        p -> 'currency' as currency,
        p -> 'kind' as kind, p -> 'score' as score, p -> 'products' as products,
        p -> 'status' as status, p -> 'refund_id' as "refundId", p -> 'return_id' as "returnId"
    from (
      select id, id as customer from unnest(${customers}::text[]) as t(id)
      union all
      select id, merged_into from customers where merged_into = any(${customers})) who
    cross join ${newFactsOf(tx, tx`who.id`, counted)} e
    cross join lateral (select e.body -> 'properties' as p) body
    order by who.customer, e.at, e.id`;
}

/**
 * Those of these customers with activity of their own within a period. Opens and clicks do not count, since only
 * customers who received a message can have them.
 */
export async function readEngagedCustomers(
  tx: Tx,
  customers: string[],
  { from, to }: { from: number; to: number },
): Promise<string[]> {
  const active = tx`e.at >= to_timestamp(${from}::bigint / 1000.0) and e.at < to_timestamp(${to}::bigint / 1000.0)
    and e.name in ('Page Viewed', 'Screen Viewed', 'Application Opened', 'Product Viewed', 'Products Searched',
      'Product Added', 'Cart Viewed', 'Checkout Started', 'Question Asked', 'Product Reviewed', 'Product Shared',
      'Order Completed')`;
  const rows = await tx<{ id: string }[]>`
    select id from unnest(${customers}::text[]) as t(id)
    where exists (select from ${newFactsOf(tx, tx`t.id`, active)} e)`;
  return rows.map(({ id }) => id);
}

export interface SpendRow {
  journey: string;
  contacts: number;
  /** Minor units. */
  spend: number;
}

/** Contacts and their cost, for enrollments that entered these journeys within a period. */
export async function readSpend(
  tx: Tx,
  { workspace, journeys, from, to }: Span & { journeys: string[] },
): Promise<SpendRow[]> {
  return tx<SpendRow[]>`
    with entered as (
      select id, customer_id, journey from enrollments
      where workspace = ${workspace} and journey = any(${journeys}) and entered_at >= ${from} and entered_at < ${to}
    )
    select journey, count(*) as contacts, coalesce(sum(cost), 0)::bigint as spend from (
      select e.journey, d.cost from entered e join deliveries d on d.enrollment_id = e.id
      where d.state in ('sent', 'unknown') and d.at < ${to}
      union all
      select e.journey, a.cost from entered e join agent_tasks a on a.customer_id = e.customer_id
        and a.enrollment_id = e.id
      where a.state = 'resolved' and a.at < ${to}) made
    group by journey order by journey`;
}

/** Marketing contacts of a workspace within a period and their cost, for a sample of its customers. */
export async function readTotalSpend(
  tx: Tx,
  { workspace, actions, from, to, sample }: Span & { actions: string[]; sample: number },
): Promise<Omit<SpendRow, 'journey'>> {
  const [row] = await tx<Omit<SpendRow, 'journey'>[]>`
    select count(*) as contacts, coalesce(sum(cost), 0)::bigint as spend from (
      select d.cost from deliveries d
      where d.workspace = ${workspace} and d.action = any(${actions}) and d.class = 'marketing'
        and d.state in ('sent', 'unknown') and d.at >= ${from} and d.at < ${to}
        and ${sampleCondition(tx, tx`d.customer_id`, sample)}
      union all
      select a.cost from agent_tasks a
      where a.workspace = ${workspace} and a.class = 'marketing' and a.state = 'resolved' and a.at >= ${from}
        and a.at < ${to} and ${sampleCondition(tx, tx`a.customer_id`, sample)}) made`;
  return row ?? { contacts: 0, spend: 0 };
}
