import type { Tx } from '../client.ts';
import { insertRows, type Row } from '../columns.ts';
import type { StoredDelta } from '../schema/json.ts';
import { modelDeltas } from '../schema.ts';

export type DeltaRow = Row<typeof modelDeltas, 'id' | 'delta'>;

/** Writes increments, numbered in this order, unless their reward has one. Returns the newest number. */
export async function insertDeltas(tx: Tx, workspace: string, deltas: StoredDelta[]): Promise<number | null> {
  if (deltas.length === 0) return null;
  const rows = deltas.map((delta) => ({
    workspace,
    rewardId: delta.decisionId,
    featureSchema: delta.featureSchema,
    delta,
  }));
  const inserted = await tx<{ id: number }[]>`
    ${insertRows(tx, modelDeltas, ['workspace', 'rewardId', 'featureSchema', 'delta'], rows)}
    on conflict (reward_id) do nothing returning id`;
  return inserted.length === 0 ? null : Math.max(...inserted.map((row) => row.id));
}

/**
 * The next increments of a feature schema after a number. Older ones than `since` (journey time) have decayed to
 * nothing.
 */
export async function readDeltas(
  tx: Tx,
  query: { workspace: string; featureSchema: string; after: number; since: number; limit: number },
): Promise<DeltaRow[]> {
  return tx<DeltaRow[]>`
    select id, delta from model_deltas
    where workspace = ${query.workspace} and id > ${query.after} and feature_schema = ${query.featureSchema}
      and (delta ->> 'at')::numeric > ${query.since}
    order by id limit ${query.limit}`;
}

/** The spread is computed from at most so many of the newest increments. */
const SAMPLE = 5_000;

/** Mean and variance of the newest counted rewards, by kind. */
export async function readRewardSpread(
  tx: Tx,
  workspace: string,
  kinds: string[],
): Promise<{ kind: string; n: number; mean: number; variance: number }[]> {
  return tx<{ kind: string; n: number; mean: number; variance: number }[]>`
    select d.kind, count(*)::int as n, avg(r.reward) as mean, var_pop(r.reward) as variance
    from (select reward_id, delta ->> 'kind' as kind from model_deltas
          where workspace = ${workspace} order by id desc limit ${SAMPLE}) d
    join rewards r on r.id = d.reward_id
    where d.kind = any(${kinds}) and r.reward is not null group by d.kind order by d.kind`;
}

/** Increments that are deleted at once. */
const PAGE = 1_000;

export async function deleteFadedDeltas(tx: Tx, workspace: string, days: number): Promise<void> {
  await tx`
    delete from model_deltas where id in (
      select id from model_deltas where workspace = ${workspace} order by id limit ${PAGE})
      and created_at < statement_timestamp() - ${days} * interval '1 day'`;
}
