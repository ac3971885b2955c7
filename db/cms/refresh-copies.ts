import type { Tx } from '../client.ts';
import { insertRows, type Row } from '../columns.ts';
import { cmsCopies } from '../schema.ts';

export type CopyKey = Row<typeof cmsCopies, 'workspace' | 'file' | 'origin'>;

export interface DueCopy extends CopyKey {
  etag: string | null;
  refused: string | null;
  text: string | null;
  error: string | null;
}

/** Adds entries that are new, due at once. */
export async function addCopies(
  tx: Tx,
  entries: readonly (CopyKey & { source: string; entry: string })[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ ...entry, nextAt: '1970-01-01T00:00:00Z' }));
  await tx`
    ${insertRows(tx, cmsCopies, ['workspace', 'file', 'origin', 'source', 'entry', 'nextAt'], rows)}
    on conflict do nothing`;
}

/** Leases copies of a workspace that are due: no other process asks for them until `leaseMs` have passed. */
export async function leaseDueCopies(
  tx: Tx,
  {
    workspace,
    origins,
    limit,
    leaseMs,
  }: { workspace: string; origins: string[]; limit: number; leaseMs: number },
): Promise<DueCopy[]> {
  return tx<DueCopy[]>`
    update cms_copies c set next_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from (select workspace, file, origin from cms_copies
          where workspace = ${workspace} and origin = any(${origins}) and next_at <= statement_timestamp()
          order by next_at limit ${limit} for update skip locked) due
    where c.workspace = due.workspace and c.file = due.file and c.origin = due.origin
    returning c.workspace, c.file, c.origin, c.etag, c.refused, c.text, c.error`;
}

/** The CMS has a newer entry, and it is good. */
export async function saveCopy(
  tx: Tx,
  key: CopyKey,
  copy: { text: string; version: string | null; etag: string | null },
): Promise<void> {
  await tx`
    update cms_copies set text = ${copy.text}, version = ${copy.version}, etag = ${copy.etag}, error = null,
      failed_at = null, refused = null, fetched_at = case when text = ${copy.text} then fetched_at
      else clock_timestamp() end, checked_at = clock_timestamp()
    where workspace = ${key.workspace} and file = ${key.file} and origin = ${key.origin}`;
}

/** The copy is the newest. What was refused before may have been taken back. */
export async function confirmCopy(tx: Tx, key: CopyKey): Promise<void> {
  await tx`
    update cms_copies set checked_at = clock_timestamp(), error = null, failed_at = null, refused = null
    where workspace = ${key.workspace} and file = ${key.file} and origin = ${key.origin}`;
}

/** The copy stays, because the CMS gave none, or one that is not good. @param pauseMs until it is asked again */
export async function keepCopy(
  tx: Tx,
  key: CopyKey,
  { error, refused, pauseMs }: { error: string; refused: string | null; pauseMs: number | null },
): Promise<void> {
  await tx`
    update cms_copies set error = ${error}, failed_at = clock_timestamp(),
      refused = ${refused}, next_at = case when ${pauseMs}::bigint is null then next_at
      else clock_timestamp() + ${pauseMs}::bigint * interval '1 millisecond' end
    where workspace = ${key.workspace} and file = ${key.file} and origin = ${key.origin}`;
}
