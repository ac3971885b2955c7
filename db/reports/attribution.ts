import type { ConversionEvent } from '../../src/statistics/attribution/conversions.ts';
import type { Tx } from '../client.ts';
import { newFactsOf } from '../events/new-facts.ts';
import type { Span } from './span.ts';

export interface TouchRow {
  /** The current customer, after all merges. */
  customer: string;
  channel: string;
  action: string;
  /** Null for an action of a real-time decision. */
  journey: string | null;
  at: number;
}

/** Contacts that reached customers: sent messages, shown actions, resolved tasks. */
const TOUCHES = (tx: Tx, { workspace, from, to }: Span) => tx`
  select customer_id, channel, action, at, enrollment_id from deliveries
  where workspace = ${workspace} and state = 'sent' and at >= ${from} and at < ${to}
  union all
  select customer_id, 'agent_desk', action, at, enrollment_id from agent_tasks
  where workspace = ${workspace} and state = 'resolved' and at >= ${from} and at < ${to}`;

/** The number of contacts and of contacted customers; counting stops at `most` + 1 contacts. */
export async function countTouches(
  tx: Tx,
  span: Span,
  most: number,
): Promise<{ customers: number; touches: number }> {
  const [row] = await tx<{ customers: number; touches: number }[]>`
    select count(distinct customer_id) as customers, count(*) as touches
    from (select customer_id from (${TOUCHES(tx, span)}) t limit ${most + 1}) t`;
  return row as { customers: number; touches: number };
}

export async function readTouches(tx: Tx, span: Span): Promise<TouchRow[]> {
  return tx<TouchRow[]>`
    select coalesce(c.merged_into, c.id) as customer, t.channel, t.action, t.at, n.journey
    from (${TOUCHES(tx, span)}) t
    join customers c on c.id = t.customer_id
    left join enrollments n on n.id = t.enrollment_id`;
}

/**
 * Events of this name within the span, oldest first, and all about orders: an order that was completed before the span is
 * not completed again, and changes and returns may come later.
 */
export async function readConversions(
  tx: Tx,
  { workspace, from, to, event }: Span & { event: string },
  most: number,
): Promise<(ConversionEvent & { customer: string })[]> {
  const counted = tx`(e.name in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled')
    or (e.name = ${event} and e.at >= to_timestamp(${from}::bigint / 1000.0)
      and e.at < to_timestamp(${to}::bigint / 1000.0)))`;
  return tx<(ConversionEvent & { customer: string })[]>`
    select coalesce(c.merged_into, c.id) as customer, e.name, (extract(epoch from e.at) * 1000)::bigint as at,
           p -> 'order_id' as "orderId", p -> 'currency' as currency,
           p -> 'total' as total, p -> 'revenue' as revenue, p -> 'value' as value, p -> 'amount' as amount,
           p -> 'products' as products,
           p -> 'status' as status, p -> 'refund_id' as "refundId", p -> 'return_id' as "returnId"
    from customers c
    cross join ${newFactsOf(tx, tx`c.id`, counted)} e
    cross join lateral (select e.body -> 'properties' as p) said
    where c.workspace = ${workspace} and ${mayHave(tx, event)}
    order by e.at, c.id, e.seq limit ${most + 1}`;
}

/**
 * Whether the log of customer `c` can hold the event. The counters say so, except those of a customer who was merged,
 * and of one who has more kinds of events than are counted.
 */
const mayHave = (tx: Tx, event: string) => tx`(c.profile -> 'counts' ? ${event} or c.merged_into is not null
  or (c.profile #>> '{dropped,counts}')::int > 0)`;

interface ExperimentEntry {
  customer: string;
  journey: string;
  arm: 'treated' | 'control';
  excluded: boolean;
  enteredAt: number;
}

/** Enrollments within the span in these journeys, oldest first. */
export async function readExperimentEntries(
  tx: Tx,
  { workspace, from, to }: Span,
  journeys: string[],
  most: number,
): Promise<ExperimentEntry[]> {
  return tx<ExperimentEntry[]>`
    select coalesce(c.merged_into, c.id) as customer, n.journey, n.arm, n.excluded, n.entered_at as "enteredAt"
    from enrollments n join customers c on c.id = n.customer_id
    where n.workspace = ${workspace} and n.journey = any(${journeys}) and n.entered_at >= ${from}
      and n.entered_at < ${to}
    order by n.entered_at, n.id limit ${most + 1}`;
}

/** All customers with the id that determines their experiments. */
export async function readExperimentSubjects(
  tx: Tx,
  workspace: string,
  before: number,
  most: number,
): Promise<{ customer: string; subject: string }[]> {
  return tx`
    select c.id as customer, coalesce(j.state ->> 'seed', c.id) as subject
    from customers c left join journeys j on j.customer_id = c.id
    where c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
      and c.created_at < to_timestamp(${before}::bigint / 1000.0)
    limit ${most + 1}`;
}
