import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { cmsCopies } from '../schema.ts';

const COLUMNS = [
  'file',
  'origin',
  'source',
  'entry',
  'text',
  'version',
  'fetchedAt',
  'checkedAt',
  'error',
  'failedAt',
] as const;

export type CmsCopy = Row<typeof cmsCopies, (typeof COLUMNS)[number]>;

/** All copies of a workspace, also those of earlier bundles. */
export async function readCopies(tx: Tx, workspace: string): Promise<CmsCopy[]> {
  return tx<CmsCopy[]>`
    select ${selectColumns(tx, cmsCopies, COLUMNS)} from cms_copies
    where workspace = ${workspace} order by file, origin`;
}

/** Entries whose newest answer is not used. */
export async function readFailingCopies(
  tx: Tx,
): Promise<{ workspace: string; file: string; error: string }[]> {
  return tx<{ workspace: string; file: string; error: string }[]>`
    select workspace, file, error from cms_copies
    where error is not null and failed_at > statement_timestamp() - interval '1 day'
    order by workspace, file limit 100`;
}
