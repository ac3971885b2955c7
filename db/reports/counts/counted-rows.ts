import { MARKS_OF_ARRIVAL } from '../../../src/domain/receipt.ts';
import type { KpiEvent } from '../../../src/statistics/experiments/kpi-events.ts';
import type { Tx } from '../../client.ts';
import { enrollmentOfMove } from '../../decisions/record/moves.ts';
import type { Move, PolicySummary } from '../../schema/json.ts';

/** A customer of a family: those that were merged into one, and that one. */
export interface FamilyRow {
  id: string;
  root: string;
  erased: boolean;
  knownSince: number;
  /** The id that determines experiments. */
  subject: string;
}

/** These customers, the customers that they were merged into, and all that were merged into those. */
export async function readFamilies(tx: Tx, workspace: string, ids: string[]): Promise<FamilyRow[]> {
  return tx<FamilyRow[]>`
    with roots as (
      select distinct coalesce(merged_into, id) as id from customers
      where id = any(${ids}) and workspace = ${workspace}
      union
      select m.unmerged_from from merges m where m.unmerged_into = any(${ids}) or m.loser = any(${ids}) and m.unmerged_from is not null
    ), family as (
      select id from roots where id is not null
      union select unnest(${ids}::text[])
      union select c.id from customers c join roots r on c.merged_into = r.id
      union select m.loser from merges m join roots r on m.unmerged_from = r.id
    )
    select c.id, coalesce(c.merged_into, c.id) as root, c.erased_at is not null as erased,
      (extract(epoch from c.created_at) * 1000)::bigint as "knownSince", coalesce(j.state ->> 'seed', c.id) as subject
    from customers c left join journeys j on j.customer_id = c.id
    where c.id in (select id from family) and c.workspace = ${workspace} order by c.id`;
}

export type LogRow = KpiEvent & {
  customer: string;
  id: string;
  acceptedAt: number;
  origin: string | null;
};

/** Purchases and recommendations in the logs of these customers. Must repeat the condition of the index `events_kpi`. */
export async function readKpiLog(tx: Tx, customers: string[]): Promise<LogRow[]> {
  return tx<LogRow[]>`
    select e.customer_id as customer, e.id, (extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt", e.origin,
      e.name, (extract(epoch from e.at) * 1000)::bigint as at, p -> 'order_id' as "orderId", p -> 'total' as total,
      p -> 'revenue' as revenue, p -> 'value' as value, p -> 'amount' as amount, p -> 'currency' as currency,
      p -> 'kind' as kind, p -> 'score' as score, p -> 'products' as products, p -> 'status' as status,
      p -> 'refund_id' as "refundId", p -> 'return_id' as "returnId"
    from unnest(${customers}::text[]) as who(id)
    cross join lateral (
      select * from events e where e.customer_id = who.id and e.source <> 'account' and e.repeats is null
        and e.name in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', 'Delivery Complained',
          'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered')
        and e.name <> 'Delivery Complained'
      offset 0) e
    cross join lateral (select e.body -> 'properties' as p) body`;
}

export interface ActiveDay {
  customer: string;
  day: number;
  acceptedAt: number;
}

/** Days (UTC) on which these customers were active by themselves, as `readEngagedCustomers` counts. */
export async function readActiveDays(tx: Tx, customers: string[]): Promise<ActiveDay[]> {
  return tx<ActiveDay[]>`
    select who.id as customer, floor(extract(epoch from e.at) / 86400)::int as day,
      max(extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt"
    from unnest(${customers}::text[]) as who(id)
    cross join lateral (
      select at, accepted_at from events e
      where e.customer_id = who.id and e.source <> 'account' and e.repeats is null
        and e.name in ('Page Viewed', 'Screen Viewed', 'Application Opened', 'Product Viewed', 'Products Searched',
          'Product Added', 'Cart Viewed', 'Checkout Started', 'Question Asked', 'Product Reviewed', 'Product Shared',
          'Order Completed')
      offset 0) e
    group by 1, 2`;
}

export interface EnrollmentRow {
  customer: string;
  id: string;
  journey: string;
  version: number;
  arm: 'treated' | 'control';
  excluded: boolean;
  enteredAt: number;
  goalAt: number | null;
  endedAt: number | null;
  reason: string | null;
  /** Where it is, the kind of its status, and since when. */
  step: string | null;
  state: string | null;
  since: number | null;
  pinned: boolean;
}

/** The enrollments of these customers, oldest first. */
export async function readEnrollmentsOf(tx: Tx, customers: string[]): Promise<EnrollmentRow[]> {
  return tx<EnrollmentRow[]>`
    select customer_id as customer, id, journey, version, arm, excluded, entered_at as "enteredAt", goal_at as "goalAt",
      ended_at as "endedAt", reason, step, state, since, pinned
    from enrollments where customer_id = any(${customers}) order by customer_id, entered_at, id`;
}

export interface DeliveryRow {
  customer: string;
  enrollment: string;
  channel: string;
  action: string;
  class: string;
  variant: string | null;
  state: string;
  cost: number;
  at: number;
  decidedAt: number | null;
  /** 1 where it was reported so, in the order of `COUNTED_RECEIPTS`. */
  receipts: number[];
  /** Gates and codes of its last refusal. */
  refusals: [gate: string, code: string][] | null;
}

/** The deliveries of these customers, oldest first. */
export async function readDeliveriesOf(tx: Tx, customers: string[]): Promise<DeliveryRow[]> {
  return tx<DeliveryRow[]>`
    select customer_id as customer, enrollment_id as enrollment, channel, action, class, variant, state, cost, at,
      decided_at as "decidedAt",
      array[(r ?| ${MARKS_OF_ARRIVAL as string[]})::int, (r ? 'opened')::int, (r ? 'openedAutomatically')::int,
        (r ? 'clicked')::int, (r ? 'clickedAutomatically')::int, (r ?| array['bounced', 'bouncedPermanently'])::int,
        (r ? 'complained')::int, (r ? 'unsubscribed')::int] as receipts,
      (select json_agg(distinct jsonb_build_array(v ->> 'gate', coalesce(v ->> 'code', 'blocked')))
       from jsonb_array_elements(case jsonb_typeof(verdict) when 'array' then verdict else '[]' end) v) as refusals
    from deliveries cross join lateral (select coalesce(receipts, '{}') as r) reported
    where customer_id = any(${customers}) order by customer_id, at, id`;
}

export interface TaskRow {
  customer: string;
  enrollment: string;
  action: string;
  class: string;
  state: string;
  outcome: string | null;
  cost: number;
  /** When it was decided. */
  at: number;
}

/** The agent tasks of these customers. */
export async function readTasksOf(tx: Tx, customers: string[]): Promise<TaskRow[]> {
  return tx<TaskRow[]>`
    select customer_id as customer, enrollment_id as enrollment, action, class, state, outcome, cost, at
    from agent_tasks where customer_id = any(${customers})`;
}

export interface RewardRow {
  customer: string;
  action: string;
  bundleVersion: number;
  at: number;
  state: string;
  propensity: number;
  explored: boolean;
  /** A probability or minor units; null where no model scored the action. */
  predicted: number | null;
  /** Null until its window is over. */
  reward: number | null;
}

/** The rewards of what was chosen for these customers; without those of doing nothing. */
export async function readRewardsOf(tx: Tx, customers: string[]): Promise<RewardRow[]> {
  return tx<RewardRow[]>`
    select customer_id as customer, action, bundle_version as "bundleVersion", at, state, propensity, explored,
      expected as predicted, reward
    from rewards where customer_id = any(${customers}) and channel is not null`;
}

export interface DecisionRow {
  customer: string;
  id: string;
  at: number;
  committedAt: number;
  epoch: number;
  ordinal: number | null;
  kind: string;
  outcome: string;
  moves: Move[] | null;
  policies: PolicySummary[] | null;
  record: Uint8Array;
}

/** Decisions about customers that were committed since an instant of each, in their order. */
export async function readDecisionsSince(
  tx: Tx,
  customers: { id: string; since: number }[],
  from: number,
): Promise<DecisionRow[]> {
  return tx<DecisionRow[]>`
    select d.customer_id as customer, d.id, d.at, (extract(epoch from d.committed_at) * 1000)::bigint as "committedAt",
      d.epoch, d.ordinal, d.kind, d.outcome, d.policies, d.record,
      (select jsonb_agg(jsonb_set(m, '{0}', to_jsonb(${enrollmentOfMove(tx)})) order by n)
       from jsonb_array_elements(d.moves) with ordinality x(m, n)) as moves
    from json_to_recordset(${JSON.stringify(customers)}::text::json) as who(id text, since bigint)
    cross join lateral (
      select * from decisions d where d.customer_id = who.id and d.at >= ${from}
        and d.committed_at > to_timestamp(who.since / 1000.0) offset 0) d
    order by d.customer_id, d.epoch, d.ordinal nulls last, d.at, d.id`;
}
