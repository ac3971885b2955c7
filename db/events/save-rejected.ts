import { uuidv7 } from 'uuidv7';
import { MAX_KEPT_CHARS, MAX_MESSAGE_ID } from '../../src/domain/event-limits.ts';
import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { rejected } from '../schema.ts';
import { storable, storableReason } from '../storable.ts';

const COLUMNS = [
  'id',
  'workspace',
  'messageId',
  'source',
  'code',
  'reason',
  'body',
  'content',
  'identities',
  'received',
] as const;

/** A rejected event. `code` is stable, in lower_snake; `body` is the body as received. */
export type Rejection = Omit<NewRow<typeof rejected, (typeof COLUMNS)[number]>, 'id'>;

/**
 * Saves rejected events, shortened and without characters that Postgres cannot store. One that is sent or retried again
 * stays once on the list.
 */
export async function saveRejectedEvents(tx: Tx, rejections: Rejection[]): Promise<void> {
  if (rejections.length === 0) return;
  const rows = rejections.map((rejection) => ({
    ...rejection,
    id: `rej_${uuidv7().replaceAll('-', '')}`,
    messageId: rejection.messageId === null ? null : storable(rejection.messageId.slice(0, MAX_MESSAGE_ID)),
    reason: storableReason(rejection.reason),
    body: storable(rejection.body.slice(0, MAX_KEPT_CHARS)),
  }));
  // Sorted, so that two senders of the same events never wait for each other in a circle.
  rows.sort((a, b) => (a.content < b.content ? -1 : 1));
  await tx`${insertRows(tx, rejected, COLUMNS, rows)} on conflict (workspace, content) do nothing`;
}
