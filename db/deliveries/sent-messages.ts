import type { Tx } from '../client.ts';
import { toHex } from '../decisions/record/stored-columns.ts';

/** The content of a delivery's last attempt; null: none was made, or it is not kept any more. */
export async function readSentMessage(
  tx: Tx,
  workspace: string,
  deliveryId: string,
): Promise<{ content: Buffer; writtenAt: number } | null> {
  const [row] = await tx<{ content: Buffer; writtenAt: number }[]>`
    select content, (extract(epoch from written_at) * 1000)::bigint as "writtenAt" from sent_messages
    where delivery_id = ${deliveryId} and workspace = ${workspace} order by sent_messages.written_at desc limit 1`;
  return row ?? null;
}

/**
 * Keeps the content of an attempt that holds the fencing token, instead of that of an earlier attempt. Only while the
 * delivery is there: an erasure deletes both.
 */
export async function saveSentMessage(
  tx: Tx,
  deliveryId: string,
  fence: number,
  content: Buffer,
): Promise<void> {
  await tx`
    with owner as (
      select id, workspace from deliveries where id = ${deliveryId} and fence = ${fence} for key share
    ), earlier as (
      delete from sent_messages m using owner o where m.delivery_id = o.id and ${fence} > 1
    )
    insert into sent_messages (delivery_id, workspace, content)
    select id, workspace, ${toHex(content)}::text::bytea from owner`;
}
