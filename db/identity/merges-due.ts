import type { Tx } from '../client.ts';

/** Two customers that acceptance has found to be one. `one` < `other`. */
export interface DueMerge {
  workspace: string;
  firstId: string;
  secondId: string;
  reason: string;
}

/** Notes, in the transaction that found it, that two customers are one: so it can't be forgotten. */
export async function saveMergesDue(tx: Tx, rows: DueMerge[]): Promise<void> {
  await tx`
    insert into merges_due (workspace, first_id, second_id, reason)
    select workspace, "firstId", "secondId", reason from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as t(workspace text, "firstId" text, "secondId" text, reason text)
    order by workspace, "firstId", "secondId"
    on conflict do nothing`;
}

/** Those that nobody has merged for so many seconds. */
export async function readMergesDue(tx: Tx, olderThan: number, limit: number): Promise<DueMerge[]> {
  return tx<DueMerge[]>`
    select workspace, first_id as "firstId", second_id as "secondId", reason from merges_due
    where at < clock_timestamp() - ${olderThan} * interval '1 second' order by at limit ${limit}`;
}

export async function deleteMergeDue(
  tx: Tx,
  due: Pick<DueMerge, 'workspace' | 'firstId' | 'secondId'>,
): Promise<void> {
  await tx`delete from merges_due where workspace = ${due.workspace} and first_id = ${due.firstId} and second_id = ${due.secondId}`;
}
