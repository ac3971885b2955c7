import type { Tx } from '../client.ts';
import type { PauseCause } from '../schema/json.ts';
import type { Span } from './span.ts';

/** One time that an action was chosen in an arbitration. */
export interface ActionChoice {
  action: string;
  channel: string;
  propensity: number;
  /** Whether the customer was in the exploration share. */
  explored: boolean;
  bundleVersion: number;
  state: string;
  /** A probability or minor units; null where no model scored the action. */
  predicted: number | null;
  /** Null until its window is over. */
  reward: number | null;
}

/** The choices of an action with a reward, within the newest `most` arbitrated decisions of a period, newest first. */
export async function readActionChoices(
  tx: Tx,
  { workspace, from, to }: Span,
  action: string,
  most: number,
): Promise<ActionChoice[]> {
  return tx<ActionChoice[]>`
    with decided as (
      select id, at from decisions
      where workspace = ${workspace} and policies is not null and at >= ${from} and at < ${to}
      order by at desc limit ${most}
    )
    select r.action, r.channel, r.propensity, r.explored, r.bundle_version as "bundleVersion", r.state, r.expected as predicted,
           r.reward
    from decided d join rewards r on r.decision_id = d.id
    where r.action = ${action} and r.channel is not null
    order by d.at desc, r.id`;
}

/** How often each action was chosen, and how often for a customer of the exploration share; as `readActionChoices`. */
export async function countActionChoices(
  tx: Tx,
  { workspace, from, to }: Span,
  most: number,
): Promise<Map<string, { chosen: number; explored: number }>> {
  const rows = await tx<{ action: string; chosen: number; explored: number }[]>`
    with decided as (
      select id from decisions
      where workspace = ${workspace} and policies is not null and at >= ${from} and at < ${to}
      order by at desc limit ${most}
    )
    select r.action, count(*) as chosen, count(*) filter (where r.explored) as explored
    from decided d join rewards r on r.decision_id = d.id
    where r.channel is not null group by r.action`;
  return new Map(rows.map(({ action, ...counts }) => [action, counts]));
}

/** A pause of an action; `liftedAt` is null while it lasts. */
export interface ActionPause {
  since: number;
  cause: PauseCause;
  liftedAt: number | null;
  liftedBy: string | null;
}

/** The pauses of an action, newest first. */
export async function readActionPauses(
  tx: Tx,
  workspace: string,
  action: string,
  limit: number,
): Promise<ActionPause[]> {
  return tx<ActionPause[]>`
    select since, cause, (extract(epoch from lifted_at) * 1000)::bigint as "liftedAt", lifted_by as "liftedBy"
    from paused_actions where workspace = ${workspace} and action = ${action}
    order by created_at desc, id desc limit ${limit}`;
}
