import type { Tx } from '../client.ts';
import { type DecisionRecord, decodeRecord } from './record/decision-record.ts';

/** Everything that is stored of a decision: the plain columns by their names, and its record. */
export type StoredDecision = Record<string, unknown> & DecisionRecord;

export async function readStoredDecision(tx: Tx, id: string): Promise<StoredDecision | null> {
  const [row] = await tx<{ columns: Record<string, unknown>; record: Uint8Array }[]>`
    select to_jsonb(d) - '{record,chosen,changed,moves,policies,replayable}'::text[] as columns, record
    from decisions d where id = ${id}`;
  return row ? { ...row.columns, ...decodeRecord(row.record) } : null;
}
