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

/** The ids of rejected events that can be read again, the oldest first, after one of them. */
export async function listRetryable(tx: Tx, query: RetryableQuery): Promise<string[]> {
  const { workspace, code, source, after, limit } = query;
  const rows = await tx<{ id: string }[]>`
    select id from rejected
    where workspace = ${workspace} and received is not null
      and (${code}::text is null or code = ${code}) and (${source}::text is null or source = ${source})
      and (${after}::text is null or id > ${after})
    order by id limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** Receipts of the last ten minutes whose delivery was not known, the newest first. */
export async function listUnknownDeliveries(
  tx: Tx,
  limit: number,
): Promise<{ workspace: string; id: string }[]> {
  return tx<{ workspace: string; id: string }[]>`
    select workspace, id from rejected
    where at > clock_timestamp() - interval '10 minutes' and code = 'unknown_delivery' and received is not null
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
