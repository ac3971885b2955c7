import type { ActionClass } from '../../src/domain/definition.ts';
import { MARKS_OF_ARRIVAL } from '../../src/domain/receipt.ts';
import type { Tx } from '../client.ts';
import type { Span } from './span.ts';

export interface DeliveryCount {
  channel: string;
  action: string;
  class: ActionClass;
  variant: string | null;
  state: string;
  deliveries: number;
  /** Minor units: reserved while planned, spent once sent. */
  cost: number;
  /** How many of them were reported so, each at least once. */
  receipts: ReceiptCounts;
}

export const COUNTED_RECEIPTS = [
  'delivered',
  'opened',
  'openedAutomatically',
  'clicked',
  'clickedAutomatically',
  'bounced',
  'complained',
  'unsubscribed',
] as const;
export type ReceiptCounts = Record<(typeof COUNTED_RECEIPTS)[number], number>;

/** Messages and shown actions of one day (UTC) and channel. */
export interface DayCount {
  day: string;
  channel: string;
  sent: number;
  failed: number;
  receipts: ReceiptCounts;
  /** Minor units. */
  spent: number;
}

/** Counts messages and shown actions by day and channel. */
export async function countDays(tx: Tx, { workspace, from, to }: Span): Promise<DayCount[]> {
  return tx<DayCount[]>`
    select to_char(to_timestamp(at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD') as day, channel,
           count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'failed') as failed,
           ${receiptCounts(tx)} as receipts,
           coalesce(sum(cost) filter (where state in ('sent', 'unknown')), 0)::bigint as spent
    from deliveries where workspace = ${workspace} and at >= ${from} and at < ${to}
    group by 1, 2 order by 1, 2`;
}

/** How many deliveries were reported so, by kind, as JSON. */
const receiptCounts = (tx: Tx) => tx`json_build_object(
  'delivered', count(*) filter (where receipts ?| ${MARKS_OF_ARRIVAL as string[]}),
  'opened', count(*) filter (where receipts ? 'opened'),
  'openedAutomatically', count(*) filter (where receipts ? 'openedAutomatically'),
  'clicked', count(*) filter (where receipts ? 'clicked'),
  'clickedAutomatically', count(*) filter (where receipts ? 'clickedAutomatically'),
  'bounced', count(*) filter (where receipts ?| array['bounced', 'bouncedPermanently']),
  'complained', count(*) filter (where receipts ? 'complained'),
  'unsubscribed', count(*) filter (where receipts ? 'unsubscribed'))`;

/** Counts messages and shown actions by channel, action, class, variant and state. */
export async function countDeliveries(tx: Tx, { workspace, from, to }: Span): Promise<DeliveryCount[]> {
  return tx<DeliveryCount[]>`
    select channel, action, class, variant, state, count(*) as deliveries, sum(cost)::bigint as cost,
           ${receiptCounts(tx)} as receipts
    from deliveries where workspace = ${workspace} and at >= ${from} and at < ${to}
    group by 1, 2, 3, 4, 5 order by 1, 2, 4 nulls first, 5`;
}

export interface RefusalCount {
  channel: string;
  action: string;
  variant: string | null;
  gate: string;
  code: string;
  deliveries: number;
}

/** Counts held deliveries by the gates of their last refusal. A delivery may have several. */
export async function countRefusals(tx: Tx, { workspace, from, to }: Span): Promise<RefusalCount[]> {
  return tx<RefusalCount[]>`
    select channel, action, variant, v ->> 'gate' as gate, coalesce(v ->> 'code', 'blocked') as code,
           count(distinct id) as deliveries
    from deliveries cross join lateral jsonb_array_elements(
      case jsonb_typeof(verdict) when 'array' then verdict else '[]' end) v
    where workspace = ${workspace} and at >= ${from} and at < ${to}
    group by 1, 2, 3, 4, 5 order by 1, 2, 3 nulls first, deliveries desc, 4, 5`;
}

export interface TaskCount {
  action: string;
  class: ActionClass;
  state: string;
  outcome: string | null;
  tasks: number;
  /** Minor units. */
  cost: number;
}

/** Counts agent tasks by action, class, state and outcome. */
export async function countTasks(tx: Tx, { workspace, from, to }: Span): Promise<TaskCount[]> {
  return tx<TaskCount[]>`
    select action, class, state, outcome, count(*) as tasks, sum(cost)::bigint as cost
    from agent_tasks where workspace = ${workspace} and at >= ${from} and at < ${to}
    group by 1, 2, 3, 4 order by 1, 3, 4 nulls first`;
}
