import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import { mergesDue } from '../schema.ts';

const COLUMNS = ['workspace', 'firstId', 'secondId', 'reason'] as const;

/** Two customers that acceptance has identified as one, with `firstId` < `secondId`. */
export type DueMerge = Row<typeof mergesDue, (typeof COLUMNS)[number]>;

/** Records pairs in the transaction that discovered them, so that no pair is lost if the process dies. */
export async function saveMergesDue(tx: Tx, rows: DueMerge[]): Promise<void> {
  await tx`
    ${insertRows(tx, mergesDue, COLUMNS, rows)} order by t.workspace, t."firstId", t."secondId" on conflict do nothing`;
}

/** Pairs that were recorded at least so many seconds ago and are not merged yet. */
export async function readMergesDue(tx: Tx, olderThan: number, limit: number): Promise<DueMerge[]> {
  return tx<DueMerge[]>`
    select ${selectColumns(tx, mergesDue, COLUMNS)} from merges_due
    where at < statement_timestamp() - ${olderThan} * interval '1 second' order by at limit ${limit}`;
}

export async function deleteMergeDue(
  tx: Tx,
  { workspace, firstId, secondId }: Pick<DueMerge, 'workspace' | 'firstId' | 'secondId'>,
): Promise<void> {
  await tx`
    delete from merges_due where workspace = ${workspace} and first_id = ${firstId} and second_id = ${secondId}`;
}
