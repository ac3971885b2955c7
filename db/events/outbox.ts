import type { OutboxEvent } from '../../src/engine/journey/plan.ts';
import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import { outbox } from '../schema.ts';

/**
 * Events that a transaction publishes. They are written in that transaction, so that they exist exactly if it commits.
 * After the commit its process appends them to the log and deletes the rows; if the process dies first, the relay
 * does both later. The log drops a second event with the same message id.
 */

const COLUMNS = ['workspace', 'customerId', 'event', 'at'] as const;

export type OutboxRow = Row<typeof outbox, (typeof COLUMNS)[number]>;

/** Writes events in the transaction that publishes them. `at` is the wall clock of the transaction. */
export async function saveOutbox(
  tx: Tx,
  owner: { workspace: string; customerId: string },
  events: OutboxEvent[],
): Promise<OutboxRow[]> {
  const rows = events.map((event) => ({ ...owner, messageId: event.messageId, event }));
  return tx<OutboxRow[]>`
    ${insertRows(tx, outbox, ['workspace', 'messageId', 'customerId', 'event'], rows)}
    on conflict (workspace, message_id) do update set at = outbox.at
    returning ${selectColumns(tx, outbox, COLUMNS)}`;
}

/** Events that have waited for so long that the process that wrote them must have died. Oldest first. */
export async function readOutbox(tx: Tx, olderThanSeconds: number, limit: number): Promise<OutboxRow[]> {
  return tx<OutboxRow[]>`
    select ${selectColumns(tx, outbox, COLUMNS)}
    from outbox where at < statement_timestamp() - ${olderThanSeconds} * interval '1 second'
    order by outbox.at, workspace, message_id limit ${limit}`;
}

/** Deletes events that are in the log. */
export async function deleteOutbox(tx: Tx, rows: OutboxRow[]): Promise<void> {
  await tx`
    delete from outbox o using unnest(${rows.map((row) => row.workspace)}::text[],
                                      ${rows.map((row) => row.event.messageId)}::text[]) as t(workspace, message_id)
    where o.workspace = t.workspace and o.message_id = t.message_id`;
}
