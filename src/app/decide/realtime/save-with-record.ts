import type { Database } from '../../../../db/client.ts';
import {
  type RealtimeDecisionRow,
  saveRealtimeDecisions,
} from '../../../../db/decisions/save-realtime-decisions.ts';
import type { InSameTransaction } from '../../in-same-transaction.ts';
import type { RealtimeAnswer, RealtimeProgress } from './realtime-request.ts';

/** Nothing may be stored: the customer is gone, or the caller has got the fallback. */
class NotStoredError extends Error {}

/**
 * Stores a decision and the record of its request in one transaction, so that a repetition of the request finds either
 * both or none. The deadline counts until the record is written: up to there a late decision is rolled back.
 *
 * @returns false if nothing was stored, because the customer is gone or the request was late
 */
export async function saveWithRecord(
  db: Pick<Database, 'sql'>,
  row: RealtimeDecisionRow,
  answer: RealtimeAnswer,
  record: InSameTransaction<RealtimeAnswer>,
  progress: RealtimeProgress,
): Promise<boolean> {
  try {
    await db.sql.begin(async (tx) => {
      const stored = await saveRealtimeDecisions(tx, [row], false);
      if (!stored.has(row.id) || progress.isLate) throw new NotStoredError();
      progress.isCommitting = true;
      await record(tx, answer);
    });
    return true;
  } catch (error) {
    if (error instanceof NotStoredError) return false;
    throw error;
  }
}
