import type { Tx } from '../client.ts';

export interface MessageView {
  id: string;
  customerId: string;
  seq: number;
  name: string;
  at: number;
  acceptedAt: number;
  decisions: string[];
}

/** An accepted message: its position in the log and the decisions that processed it. */
export async function viewMessage(tx: Tx, workspace: string, messageId: string): Promise<MessageView | null> {
  const [row] = await tx<MessageView[]>`
    select e.id, e.customer_id as "customerId", e.seq, e.name, (extract(epoch from e.at) * 1000)::bigint as at,
           (extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt",
           (select coalesce(json_agg(d.id order by d.epoch, d.ordinal), '[]') from decisions d
            where d.customer_id = e.customer_id and d.from_seq < e.seq and d.to_seq >= e.seq) as decisions
    from message_ids m
    join events e on e.customer_id = m.customer_id and e.message_id = m.message_id
    where m.workspace = ${workspace} and m.message_id = ${messageId}`;
  return row ?? null;
}
