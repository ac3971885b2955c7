import type { Tx } from '../client.ts';

/** The results of a workspace's jobs so far. */
export interface JobState {
  /** The newest fit; null before the first. `at`: journey time. */
  fit: { version: number; at: number; customers: number; refusal: string | null } | null;
  /** Version of the newest model; 0 before the first. */
  model: number;
  /** Closed rewards, and those of them that the model learned from. */
  closed: number;
  counted: number;
  /** Paused actions. */
  paused: string[];
  /** Coupons that the job has ended as expired. */
  expired: number;
  /** When all was counted for the reports; null: never. */
  countedAt: number | null;
  /** Changes that are not counted yet. */
  toCount: number;
}

/** Read before and after a job that was started by hand, to report what it did. */
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
      (select count(*) from coupons where workspace = ${workspace} and state = 'expired') as expired,
      (select (extract(epoch from counted_at) * 1000)::bigint from report_counts where workspace = ${workspace}) as "countedAt",
      (select count(*) from report_changes where workspace = ${workspace}) as "toCount"`;
  return row as JobState;
}
