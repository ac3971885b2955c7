import type { Tx } from '../client.ts';

export interface RejectedView {
  id: string;
  messageId: string | null;
  at: number;
  /** For the cursor: exact to the microsecond. */
  wall: string;
  source: string;
  code: string;
  reason: string;
  body: string;
}

const COLUMNS = (tx: Tx) => tx`
  id, message_id as "messageId", (extract(epoch from at) * 1000)::bigint as at, at::text as wall, source, code, reason,
  body`;

/** Rejected events, newest first. */
export async function viewRejected(
  tx: Tx,
  query: { workspace: string; limit: number; before: { wall: string; id: string } | null },
): Promise<RejectedView[]> {
  const { workspace, limit, before } = query;
  return tx<RejectedView[]>`
    select ${COLUMNS(tx)} from rejected
    where workspace = ${workspace}
      ${before === null ? tx`` : tx`and (at, id) < (${before.wall}::text::timestamptz, ${before.id})`}
    order by at desc, id desc limit ${limit}`;
}

/** The newest rejection of a message. */
export async function viewRejectedMessage(
  tx: Tx,
  workspace: string,
  messageId: string,
): Promise<RejectedView | null> {
  const [row] = await tx<RejectedView[]>`
    select ${COLUMNS(tx)} from rejected where workspace = ${workspace} and message_id = ${messageId}
    order by at desc limit 1`;
  return row ?? null;
}
