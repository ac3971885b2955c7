import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { rejected } from '../schema.ts';

const COLUMNS = ['id', 'messageId', 'at', 'source', 'code', 'reason', 'body'] as const;

export interface RejectedView extends Row<typeof rejected, (typeof COLUMNS)[number]> {
  /** `at` for the cursor: exact to the microsecond. */
  wall: string;
}

const columns = (tx: Tx) => tx`${selectColumns(tx, rejected, COLUMNS)}, rejected.at::text as wall`;

/** Rejected events, newest first. */
export async function viewRejected(
  tx: Tx,
  query: { workspace: string; limit: number; before: { wall: string; id: string } | null },
): Promise<RejectedView[]> {
  const { workspace, limit, before } = query;
  return tx<RejectedView[]>`
    select ${columns(tx)} from rejected
    where workspace = ${workspace}
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
