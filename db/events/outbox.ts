import type { OutboxEvent } from '../../src/engine/journey/plan.ts';
import type { Tx } from '../client.ts';

/** An event that a decision gave rise to, on its way into the log. */
export interface OutboxRow {
  workspace: string;
  customerId: string;
  event: OutboxEvent;
  /** Wall clock of the decision. */
  at: number;
}

/** Writes them in the deciding transaction, so that they stand or fall with the decision. */
export async function saveOutbox(
  tx: Tx,
  owner: { workspace: string; customerId: string },
  events: OutboxEvent[],
): Promise<OutboxRow[]> {
  return tx<OutboxRow[]>`
    insert into outbox (workspace, message_id, customer_id, event)
    select ${owner.workspace}, e ->> 'messageId', ${owner.customerId}, e
    from jsonb_array_elements(${JSON.stringify(events)}::text::jsonb) with ordinality as t(e, n) order by n
    on conflict (workspace, message_id) do update set at = outbox.at
    returning workspace, customer_id as "customerId", event, (extract(epoch from at) * 1000)::bigint as at`;
}

/** What nobody has published for a while: its process died between commit and publishing. Oldest first. */
export async function readOutbox(tx: Tx, olderThanSeconds: number, limit: number): Promise<OutboxRow[]> {
  return tx<OutboxRow[]>`
    select workspace, customer_id as "customerId", event, (extract(epoch from at) * 1000)::bigint as at
    from outbox where at < clock_timestamp() - ${olderThanSeconds} * interval '1 second'
    order by at, workspace, message_id limit ${limit}`;
}

/** Forgets what is in the log now. */
export async function deleteOutbox(tx: Tx, rows: OutboxRow[]): Promise<void> {
  await tx`
    delete from outbox o using unnest(${rows.map((r) => r.workspace)}::text[],
                                      ${rows.map((r) => r.event.messageId)}::text[]) as t(workspace, message_id)
    where o.workspace = t.workspace and o.message_id = t.message_id`;
}
