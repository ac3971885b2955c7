import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { sweeps } from '../schema.ts';

const COLUMNS = ['id', 'kind', 'journey', 'seen', 'found', 'startedAt', 'doneAt'] as const;

export type SweepView = Row<typeof sweeps, (typeof COLUMNS)[number]>;

/** The newest sweeps of a workspace, those that are under way first. */
export async function viewSweeps(tx: Tx, workspace: string, limit: number): Promise<SweepView[]> {
  return tx<SweepView[]>`
    select ${selectColumns(tx, sweeps, COLUMNS)} from (
      (select * from sweeps where workspace = ${workspace} and done_at is null
       order by started_at desc, id desc limit ${limit})
      union
      (select * from sweeps where workspace = ${workspace} order by started_at desc, id desc limit ${limit})) sweeps
    order by done_at is null desc, sweeps.started_at desc, id desc limit ${limit}`;
}
