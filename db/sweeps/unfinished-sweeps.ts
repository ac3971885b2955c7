import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { sweeps } from '../schema.ts';

const COLUMNS = ['id', 'workspace', 'kind', 'journey', 'entry'] as const;

export type UnfinishedSweep = Row<typeof sweeps, (typeof COLUMNS)[number]>;

/**
 * Sweeps that have begun, are not done and still have a purpose: an activation of the active bundle, the newest fit, and
 * what a schedule began within a day. An hourly sweep is left out, since the next one covers it.
 */
export async function readUnfinishedSweeps(tx: Tx): Promise<UnfinishedSweep[]> {
  return tx<UnfinishedSweep[]>`
    select ${selectColumns(tx, sweeps, COLUMNS, 's')} from sweeps s join workspaces w on w.id = s.workspace
    where s.done_at is null and s.started_at < statement_timestamp() - interval '10 seconds'
      and case s.kind
        when 'activation' then s.version = w.config_version
        when 'fit' then s.occurrence::int = (select max(version) from score_fits f where f.workspace = s.workspace)
        when 'schedule' then s.started_at > statement_timestamp() - interval '1 day'
        else false end
    order by s.id`;
}
