import type { RewardState } from '../../src/domain/reward.ts';
import type { Tx } from '../client.ts';

/** A delivery or task of a decision, as far as its reward needs it. */
export interface RewardEffect {
  kind: 'delivery' | 'task';
  id: string;
  state: string;
  channel: string | null;
  enrollmentId: string;
  /** The version of the bundle under which it was planned. */
  bundleVersion: number;
  /** Journey time: when a delivery was sent or is due; when a task was created. */
  at: number;
  /** When an open task expires; null for a delivery. */
  resolveBy: number | null;
  couponId: string | null;
  entry: { id: string; name: string; at: number; seq: number; properties: Record<string, unknown> } | null;
}

/** A reward whose window is over, with everything that determines whether the model may learn from it. */
export interface DueReward {
  id: string;
  decisionId: string;
  arm: string;
  action: string;
  /** Null for doing nothing. */
  channel: string | null;
  enrollmentId: string;
  key: string | null;
  bundleVersion: number;
  featureSchema: string;
  /** Not validated: an earlier build may have written it. */
  features: unknown;
  at: number;
  within: number;
  /** The current customer, after all merges. */
  customerId: string;
  /** Whether the customer was erased or never existed. */
  erased: boolean;
  /** The customer of the decision; null if the decision is no longer kept. */
  decisionCustomerId: string | null;
  /** Whether an increment was already written for it. */
  hasDelta: boolean;
  journey: string | null;
  enteredAt: number | null;
  effects: RewardEffect[];
}

/**
 * Locks the oldest rewards whose window is over, and reads the effects of their decisions. Rewards that another
 * transaction has locked (an erasure, a merge) are skipped; a later call returns them.
 */
export async function lockDueRewards(
  tx: Tx,
  { workspace, now, limit }: { workspace: string; now: number; limit: number },
): Promise<DueReward[]> {
  return tx<DueReward[]>`
    with due as (
      select * from rewards where workspace = ${workspace} and state = 'open' and due_at <= ${now}
      order by due_at, id limit ${limit} for update skip locked
    )
    select r.id, r.decision_id as "decisionId", r.arm, r.action, r.channel, r.enrollment_id as "enrollmentId", r.key,
           r.bundle_version as "bundleVersion", r.feature_schema as "featureSchema", r.features, r.at, r.within,
           coalesce(c.merged_into, r.customer_id) as "customerId", c.id is null or c.erased_at is not null as erased,
           d.customer_id as "decisionCustomerId", exists (select 1 from model_deltas m where m.reward_id = r.id)
             as "hasDelta",
           e.journey, e.entered_at as "enteredAt",
           (select coalesce(json_agg(f order by f.kind, f.id), '[]') from (
              select 'delivery' as kind, id, state, channel, enrollment_id as "enrollmentId",
                     bundle_version as "bundleVersion", at, null::bigint as "resolveBy", coupon_id as "couponId", entry
              from deliveries x where x.decision_id = r.decision_id and x.action = r.action and r.channel is not null
              union all
              select 'task', id, state, null, enrollment_id, bundle_version, at, resolve_by, null, null
              from agent_tasks t where t.customer_id in (r.customer_id, c.merged_into) and t.decision_id = r.decision_id
                and t.action = r.action and r.channel is not null) f) as effects
    from due r
    left join customers c on c.id = r.customer_id
    left join decisions d on d.id = r.decision_id
    left join enrollments e on e.id = r.enrollment_id
    order by r.due_at, r.id`;
}

/** The new state of a reward: closed, or `open` until a later `dueAt`. */
export interface RewardClosure {
  id: string;
  state: RewardState;
  reward: number | null;
  /** Null: unchanged. */
  dueAt: number | null;
}

export async function closeRewards(tx: Tx, closures: RewardClosure[]): Promise<void> {
  await tx`
    update rewards r set state = t.state, reward = t.reward, due_at = coalesce(t."dueAt", r.due_at),
      closed_at = case when t.state = 'open' then null else clock_timestamp() end
    from json_to_recordset(${JSON.stringify(closures)}::text::json)
      as t(id text, state text, reward double precision, "dueAt" bigint)
    where r.id = t.id`;
}

/** Deletes rewards that were written after the erasure of their customer. */
export async function deleteRewards(tx: Tx, ids: string[]): Promise<void> {
  await tx`delete from rewards where id = any(${ids})`;
}

/** Selects events that may be the reward of a decision. */
export interface RewardEventQuery {
  rewardId: string;
  /** Customers. Events of customers merged into them count too. */
  customerIds: string[];
  name: string;
  /** Journey time: [from, until). */
  from: number;
  until: number;
}

/** An event that may be a reward. */
export interface RewardEvent {
  rewardId: string;
  id: string;
  name: string;
  at: number;
  source: string;
  properties: Record<string, unknown>;
}

/** For one name and one reward, at most so many of the newest events are read. */
const KEPT = 1_000;

/**
 * Events by name and time, for all rewards at once. Historical events are imported without effect, so they are no
 * rewards either.
 */
export async function readRewardEvents(tx: Tx, queries: RewardEventQuery[]): Promise<RewardEvent[]> {
  if (queries.length === 0) return [];
  return tx<RewardEvent[]>`
    select s."rewardId", e.id, e.name, e.at, e.source, e.properties
    from json_to_recordset(${JSON.stringify(queries)}::text::json)
      as s("rewardId" text, "customerIds" text[], name text, "from" bigint, until bigint)
    cross join lateral (
      select id, name, (extract(epoch from at) * 1000)::bigint as at, source,
             coalesce(body -> 'properties', '{}') as properties
      from events
      where customer_id in (select id from customers where id = any(s."customerIds")
        or merged_into = any(s."customerIds"))
        and name = s.name and not historical and repeats is null
        and at >= to_timestamp(s."from" / 1000.0) and at < to_timestamp(s.until / 1000.0)
      order by events.at desc, id limit ${KEPT}) e
    order by s."rewardId", e.at, e.id`;
}
