import type { Tx } from '../client.ts';

export interface IdempotencyRow {
  request: string;
  /** Null while the first request is still running. */
  status: number | null;
  body: unknown;
}

/** A first request that hasn't answered for so long died; the next one takes its place. */
const ABANDONED = '60 seconds';
/** How long an answer is kept. */
const KEPT = '1 day';

/** Takes the key for a request. Null: it's ours, run it. Else: who had it before. */
export async function claimIdempotencyKey(
  tx: Tx,
  row: { workspace: string; key: string; request: string },
): Promise<IdempotencyRow | null> {
  const taken = await tx`
    insert into idempotency as i (workspace, key, request) values (${row.workspace}, ${row.key}, ${row.request})
    on conflict (workspace, key) do update
      set request = excluded.request, status = null, body = null, at = clock_timestamp()
      where i.at < clock_timestamp() - ${KEPT}::interval
        or (i.status is null and i.request = excluded.request and i.at < clock_timestamp() - ${ABANDONED}::interval)
    returning 1`;
  if (taken.length > 0) return null;
  const [known] = await tx<IdempotencyRow[]>`
    select request, status, body from idempotency where workspace = ${row.workspace} and key = ${row.key}`;
  return known ?? { request: row.request, status: null, body: null };
}

/** Keeps what was answered. */
export async function saveResponse(
  tx: Tx,
  row: { workspace: string; key: string; status: number; body: unknown },
): Promise<void> {
  await tx`
    update idempotency set status = ${row.status}, body = ${JSON.stringify(row.body ?? null)}::text::jsonb
    where workspace = ${row.workspace} and key = ${row.key}`;
}

/** Gives the key back: the request failed for a reason that isn't its own, and may be sent again. */
export async function releaseIdempotencyKey(tx: Tx, row: { workspace: string; key: string }): Promise<void> {
  await tx`delete from idempotency where workspace = ${row.workspace} and key = ${row.key} and status is null`;
}

/** Forgets what was answered about these customers: an erased one must not be found in an answer that is kept. */
export async function deleteResponsesAbout(tx: Tx, workspace: string, customerIds: string[]): Promise<void> {
  const anywhere = customerIds.map((id) => `%"${id.replace(/[\\%_]/g, '\\$&')}"%`);
  await tx`
    delete from idempotency
    where workspace = ${workspace} and status is not null and body::text like any(${anywhere}::text[])`;
}
