import type { Tx } from '../client.ts';

/** What the jobs of a workspace have left behind so far. */
export interface JobState {
  /** Of the newest fit; null before the first. `at`: journey time. */
  fit: { version: number; at: number; customers: number; refusal: string | null } | null;
  /** Of the newest model; 0 before the first. */
  model: number;
  /** Rewards that are closed, and those that the model counts. */
  closed: number;
  counted: number;
  /** Actions that are paused now. */
  paused: string[];
  /** Coupons whose time was over. */
  expired: number;
}

/** For somebody who has a job done and wants to hear what came of it. */
export async function readJobState(tx: Tx, workspace: string): Promise<JobState> {
  const [row] = await tx<JobState[]>`
    select
      (select json_build_object('version', version, 'at', at, 'customers', body -> 'customers',
              'refusal', body #>> '{buying,message}')
       from score_fits where workspace = ${workspace} order by version desc limit 1) as fit,
      (select coalesce(max(version), 0) from model_snapshots where workspace = ${workspace}) as model,
      (select count(*) from rewards where workspace = ${workspace} and state <> 'open') as closed,
      (select count(*) from rewards where workspace = ${workspace} and state = 'counted') as counted,
      (select coalesce(json_agg(action order by action), '[]') from paused_actions
       where workspace = ${workspace} and lifted_at is null) as paused,
      (select count(*) from coupons where workspace = ${workspace} and state = 'expired') as expired`;
  return row as JobState;
}
