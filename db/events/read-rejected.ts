import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { rejected } from '../schema.ts';
import { storableReason } from '../storable.ts';

const COLUMNS = ['id', 'messageId', 'at', 'source', 'code', 'reason', 'body'] as const;

export interface RejectedView extends Row<typeof rejected, (typeof COLUMNS)[number]> {
  /** `at` for the cursor: exact to the microsecond. */
  wall: string;
  /** It can be read again. */
  retryable: boolean;
}

const KEPT = ['id', 'at', 'source', 'code', 'reason', 'body', 'received'] as const;

/** A rejected event with what reading it again needs. */
export type KeptRejection = Row<typeof rejected, (typeof KEPT)[number]>;

const columns = (tx: Tx) =>
  tx`${selectColumns(tx, rejected, COLUMNS)}, rejected.received is not null as retryable, rejected.at::text as wall`;

/** Rejected events, newest first. */
export async function viewRejected(
  tx: Tx,
  query: {
    workspace: string;
    code: string | null;
    source: string | null;
    limit: number;
    before: { wall: string; id: string } | null;
  },
): Promise<RejectedView[]> {
  const { workspace, code, source, limit, before } = query;
  return tx<RejectedView[]>`
    select ${columns(tx)} from rejected
    where workspace = ${workspace}
      ${code === null ? tx`` : tx`and code = ${code}`} ${source === null ? tx`` : tx`and source = ${source}`}
      ${before === null ? tx`` : tx`and (at, id) < (${before.wall}::text::timestamptz, ${before.id})`}
    order by rejected.at desc, id desc limit ${limit}`;
}

/** The rejected events under a message id, newest first. */
export async function viewRejectionsOf(
  tx: Tx,
  workspace: string,
  messageId: string,
  limit: number,
): Promise<RejectedView[]> {
  return tx<RejectedView[]>`
    select ${columns(tx)} from rejected where workspace = ${workspace} and message_id = ${messageId}
    order by rejected.at desc, id desc limit ${limit}`;
}

/** One rejected event; null if there is none, or none any more. */
export async function readRejected(tx: Tx, workspace: string, id: string): Promise<KeptRejection | null> {
  const [row] = await tx<KeptRejection[]>`
    select ${selectColumns(tx, rejected, KEPT)} from rejected where workspace = ${workspace} and id = ${id}`;
  return row ?? null;
}

/** Which rejected events; null: any. */
export interface RetryableQuery {
  workspace: string;
  code: string | null;
  source: string | null;
  after: string | null;
  limit: number;
}

/** Rejected events that one call looks through. */
const MOST_EXAMINED = 10_000;

/**
 * The ids of rejected events that can be read again, the oldest first, after one of them.
 *
 * @returns `next`: after which one to go on; null: there are no more
 */
export async function listRetryable(
  tx: Tx,
  query: RetryableQuery,
): Promise<{ ids: string[]; next: string | null }> {
  const { workspace, code, source, after, limit } = query;
  const examined = tx`
    select id, code, source from rejected
    where workspace = ${workspace} and received is not null ${after === null ? tx`` : tx`and id > ${after}`}
    order by id limit ${MOST_EXAMINED}`;
  const rows = await tx<{ id: string }[]>`
    select id from (${examined}) e
    where (${code}::text is null or code = ${code}) and (${source}::text is null or source = ${source})
    order by id limit ${limit}`;
  const ids = rows.map(({ id }) => id);
  if (ids.length === limit) return { ids, next: ids.at(-1) ?? null };
  const [last] = await tx<{ id: string }[]>`select id from (${examined}) e offset ${MOST_EXAMINED - 1}`;
  return { ids, next: last?.id ?? null };
}

/** Receipts of the last ten minutes whose delivery was not known, the newest first. */
export async function listUnknownDeliveries(
  tx: Tx,
  limit: number,
): Promise<{ workspace: string; id: string }[]> {
  return tx<{ workspace: string; id: string }[]>`
    select workspace, id from rejected
    where at > statement_timestamp() - interval '10 minutes' and code = 'unknown_delivery' and received is not null
    order by at desc limit ${limit}`;
}

/** Takes an event off the list: it is in the log, or there is a newer row for it. */
export async function deleteRejected(tx: Tx, workspace: string, id: string): Promise<void> {
  await tx`delete from rejected where workspace = ${workspace} and id = ${id}`;
}

/** Writes why an event still can't be read. */
export async function saveRetryRefusal(
  tx: Tx,
  { workspace, id, code, reason }: { workspace: string; id: string; code: string; reason: string },
): Promise<void> {
  const kept = storableReason(reason);
  await tx`
    update rejected set code = ${code}, reason = ${kept}
    where workspace = ${workspace} and id = ${id} and (code <> ${code} or reason <> ${kept})`;
}
