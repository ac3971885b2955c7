import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { events } from '../schema.ts';

const COLUMNS = [
  'customerId',
  'seq',
  'workspace',
  'id',
  'messageId',
  'type',
  'name',
  'at',
  'acceptedAt',
  'historical',
  'source',
  'body',
  'origin',
  'notes',
  'repeats',
] as const;

type StoredRow = NewRow<typeof events, (typeof COLUMNS)[number]>;

export type EventRow = Omit<StoredRow, 'notes' | 'repeats'> & Partial<Pick<StoredRow, 'notes' | 'repeats'>>;

/** Appends to the log. The sequence numbers were assigned under the customers' locks. */
export async function appendEvents(tx: Tx, rows: EventRow[]): Promise<void> {
  await insertRows(tx, events, COLUMNS, rows as StoredRow[]);
}
