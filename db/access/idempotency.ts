import type { Tx } from '../client.ts';

export interface IdempotencyRow {
  request: string;
  /** Null while the first request is still running. */
  status: number | null;
  body: unknown;
}

/** A first request without a response after this time has died, and the next request with the key replaces it. */
const ABANDONED = '60 seconds';
/** How long a response is kept. */
const KEPT = '1 day';

/**
 * Claims the key for a request. Null: the caller has claimed it and must run the request. Otherwise the row of the
 * request that claimed it earlier is returned.
 */
export async function claimIdempotencyKey(
  tx: Tx,
  row: { workspace: string; key: string; request: string },
): Promise<IdempotencyRow | null> {
  const claimed = await tx`
    insert into idempotency as i (workspace, key, request) values (${row.workspace}, ${row.key}, ${row.request})
    on conflict (workspace, key) do update
      set request = excluded.request, status = null, body = null, at = clock_timestamp()
      where i.at < clock_timestamp() - ${KEPT}::interval
        or (i.status is null and i.request = excluded.request and i.at < clock_timestamp() - ${ABANDONED}::interval)
    returning 1`;
  if (claimed.length > 0) return null;
  const [earlier] = await tx<IdempotencyRow[]>`
    select request, status, body from idempotency where workspace = ${row.workspace} and key = ${row.key}`;
  return earlier ?? { request: row.request, status: null, body: null };
}

/** Saves the response for requests that repeat the key. */
export async function saveResponse(
  tx: Tx,
  row: { workspace: string; key: string; status: number; body: unknown },
): Promise<void> {
  await tx`
    update idempotency set status = ${row.status}, body = ${JSON.stringify(row.body ?? null)}::text::jsonb
    where workspace = ${row.workspace} and key = ${row.key}`;
}

/** Releases the key of a request that failed on the server's side, so that it can be sent again. */
export async function releaseIdempotencyKey(tx: Tx, row: { workspace: string; key: string }): Promise<void> {
  await tx`delete from idempotency where workspace = ${row.workspace} and key = ${row.key} and status is null`;
}

/** Deletes saved responses that mention these customers, as part of their erasure. */
export async function deleteResponsesAbout(tx: Tx, workspace: string, customerIds: string[]): Promise<void> {
  const anywhere = customerIds.map((id) => `%"${id.replace(/[\\%_]/g, '\\$&')}"%`);
  await tx`
    delete from idempotency
    where workspace = ${workspace} and status is not null and body::text like any(${anywhere}::text[])`;
}
