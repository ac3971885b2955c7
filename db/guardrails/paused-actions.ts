import { uuidv7 } from 'uuidv7';
import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { pausedActions } from '../schema.ts';

const COLUMNS = ['id', 'action', 'since', 'cause'] as const;

export type PausedAction = Row<typeof pausedActions, (typeof COLUMNS)[number]>;

/** The paused actions of a workspace. */
export async function readPausedActions(tx: Tx, workspace: string): Promise<PausedAction[]> {
  return tx<PausedAction[]>`
    select ${selectColumns(tx, pausedActions, COLUMNS)} from paused_actions
    where workspace = ${workspace} and lifted_at is null order by action`;
}

/** When each action was last resumed, wall clock. Evidence from before that time no longer counts. */
export async function readResumeTimes(tx: Tx, workspace: string): Promise<Map<string, number>> {
  const rows = await tx<{ action: string; at: number }[]>`
    select action, (extract(epoch from max(lifted_at)) * 1000)::bigint as at from paused_actions
    where workspace = ${workspace} and lifted_at is not null group by action`;
  return new Map(rows.map(({ action, at }) => [action, at]));
}

/**
 * Pauses an action, unless it is paused already. `resumedAt` is the last resumption that the caller knows (null: none);
 * if a person has resumed the action since then, it is not paused, because that person has seen the same evidence.
 * Returns whether it was paused.
 */
export async function pauseAction(
  tx: Tx,
  pause: Omit<PausedAction, 'id'> & { workspace: string; resumedAt?: number | null },
): Promise<boolean> {
  const { workspace, action, since, cause, resumedAt } = pause;
  const id = `pau_${uuidv7().replaceAll('-', '')}`;
  const rows = await tx`
    insert into paused_actions (id, workspace, action, since, cause)
    select ${id}, ${workspace}, ${action}, ${since}, ${JSON.stringify(cause)}::text::jsonb
    where ${resumedAt === undefined} or not exists (
      select from paused_actions where workspace = ${workspace} and action = ${action}
        and (extract(epoch from lifted_at) * 1000)::bigint > ${resumedAt ?? 0})
    on conflict (workspace, action) where lifted_at is null do nothing
    returning id`;
  return rows.length > 0;
}

/** Resumes an action. Returns whether it was paused. */
export async function resumeAction(
  tx: Tx,
  resume: { workspace: string; action: string; by: string; reason: string },
): Promise<boolean> {
  const { workspace, action, by, reason } = resume;
  const rows = await tx`
    update paused_actions set lifted_at = clock_timestamp(), lifted_by = ${by},
      cause = cause || ${JSON.stringify({ resumed: { reason } })}::text::jsonb
    where workspace = ${workspace} and action = ${action} and lifted_at is null
    returning id`;
  return rows.length > 0;
}
