import { uuidv7 } from 'uuidv7';
import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { rejected } from '../schema.ts';

const COLUMNS = ['id', 'workspace', 'messageId', 'source', 'code', 'reason', 'body'] as const;

/** A rejected event. `code` is stable, in lower_snake; `body` is the body as received. */
export type Rejection = Omit<NewRow<typeof rejected, (typeof COLUMNS)[number]>, 'id'>;

/** Saves rejected events, shortened and without characters that Postgres cannot store. */
export async function saveRejectedEvents(tx: Tx, rejections: Rejection[]): Promise<void> {
  const rows = rejections.map((rejection) => ({
    ...rejection,
    id: `rej_${uuidv7().replaceAll('-', '')}`,
    messageId: rejection.messageId === null ? null : storable(rejection.messageId),
    reason: storable(rejection.reason.slice(0, 500)),
    body: storable(rejection.body.slice(0, 64_000)),
  }));
  await insertRows(tx, rejected, COLUMNS, rows);
}

/** Postgres can store neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
