import type { Tx } from '../client.ts';

/** A delivery or a task of a decision, as far as its reward needs it. */
export interface RewardEffect {
  kind: 'delivery' | 'task';
  id: string;
  state: string;
  channel: string | null;
  enrollmentId: string;
  /** Under which version of the bundle it was planned. */
  bundleVersion: number;
  /** Journey time: when a delivery left or is due; when a task was raised. */
  at: number;
  /** When a task is given up; null for a delivery. */
  resolveBy: number | null;
  couponId: string | null;
  entry: { id: string; name: string; at: number; seq: number; properties: Record<string, unknown> } | null;
}

/** A reward whose window is over, with all that tells whether it may be learned from. */
export interface DueReward {
  id: string;
  decisionId: string;
  arm: string;
  action: string;
  /** Null: nothing was done. */
  channel: string | null;
  enrollmentId: string;
  key: string | null;
  bundleVersion: number;
  featureSchema: string;
  /** As it stands in the row: whoever wrote it may have been wrong. */
  features: unknown;
  at: number;
  within: number;
  /** Whose it is by now: after a merge, whoever the customer became. */
  customerId: string;
  /** Erased, or never there. */
  erased: boolean;
  /** Who decided; null where the decision isn't kept any more, or never was. */
  decisionCustomerId: string | null;
  /** An increment of it is there already. */
  hasDelta: boolean;
  journey: string | null;
  enteredAt: number | null;
  effects: RewardEffect[];
}

/**
 * The oldest rewards whose window is over, locked; those that somebody else holds (an erasure, a merge) are passed
 * over: they come with the next call. All that their decisions gave rise to comes along.
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
           d.customer_id as "decisionCustomerId", exists (select 1 from model_deltas m where m.reward_id = r.id) as "hasDelta",
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

/** What became of a reward: closed, or `open` until later. */
export interface RewardClosure {
  id: string;
  state: string;
  reward: number | null;
  /** Null: as it was. */
  dueAt: number | null;
}

export async function closeRewards(tx: Tx, ends: RewardClosure[]): Promise<void> {
  await tx`
    update rewards r set state = t.state, reward = t.reward, due_at = coalesce(t."dueAt", r.due_at),
      closed_at = case when t.state = 'open' then null else clock_timestamp() end
    from json_to_recordset(${JSON.stringify(ends)}::text::json)
      as t(id text, state text, reward double precision, "dueAt" bigint)
    where r.id = t.id`;
}

/** Rewards of a customer who was erased, should one have been written after the erasure. */
export async function deleteRewards(tx: Tx, ids: string[]): Promise<void> {
  await tx`delete from rewards where id = any(${ids})`;
}

/** Which events of whom are asked for. */
export interface RewardEventQuery {
  rewardId: string;
  /** Customers; those who were merged into them count with them. */
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

/** Of one name and one reward, no more than so many of the newest are looked at. */
const KEPT = 1_000;

/** Events by name and time, for all rewards at once. Backfill triggers nothing, so it rewards nothing either. */
export async function readRewardEvents(tx: Tx, sought: RewardEventQuery[]): Promise<RewardEvent[]> {
  if (sought.length === 0) return [];
  return tx<RewardEvent[]>`
    select s."rewardId", e.id, e.name, e.at, e.source, e.properties
    from json_to_recordset(${JSON.stringify(sought)}::text::json)
      as s("rewardId" text, "customerIds" text[], name text, "from" bigint, until bigint)
    cross join lateral (
      select id, name, (extract(epoch from at) * 1000)::bigint as at, source,
             coalesce(body -> 'properties', '{}') as properties
      from events
      where customer_id in (select id from customers where id = any(s."customerIds") or merged_into = any(s."customerIds"))
        and name = s.name and not historical
        and at >= to_timestamp(s."from" / 1000.0) and at < to_timestamp(s.until / 1000.0)
      order by events.at desc, id limit ${KEPT}) e
    order by s."rewardId", e.at, e.id`;
}
