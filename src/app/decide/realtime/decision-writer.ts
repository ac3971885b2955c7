import type { Database } from '../../../../db/client.ts';
import {
  type RealtimeDecisionRow,
  saveRealtimeDecisions,
} from '../../../../db/decisions/save-realtime-decisions.ts';

interface PendingSave {
  row: RealtimeDecisionRow;
  isLate: () => boolean;
  resolve(isStored: boolean): void;
  reject(error: unknown): void;
}

/** Decisions in one statement at most. */
const MAX_BATCH = 100;
/** Statements that are sent before the first has returned. */
const MAX_IN_FLIGHT = 2;

/**
 * Stores real-time decisions, several in one statement: while a statement is on its way, the next batch gathers. A
 * decision never waits for a batch to fill. A batch skips customers whose row is locked; their decisions are stored one
 * by one, so that they delay no others.
 */
export class DecisionWriter {
  private queue: PendingSave[] = [];
  private inFlight = 0;
  private readonly db: Pick<Database, 'sql'>;

  constructor(db: Pick<Database, 'sql'>) {
    this.db = db;
  }

  /** Resolves with true after the commit; with false if the customer is gone, or the request was late before. */
  save(row: RealtimeDecisionRow, isLate: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.queue.push({ row, isLate, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    if (this.inFlight >= MAX_IN_FLIGHT) return;
    const batch: PendingSave[] = [];
    for (const pending of this.queue.splice(0, MAX_BATCH)) {
      if (pending.isLate()) pending.resolve(false);
      else batch.push(pending);
    }
    if (batch.length === 0) return;
    this.inFlight++;
    void this.writeBatch(batch).finally(() => {
      this.inFlight--;
      this.pump();
    });
  }

  private async writeBatch(batch: PendingSave[]): Promise<void> {
    try {
      const rows = batch.map(({ row }) => row);
      const stored = await saveRealtimeDecisions(this.db.sql, rows, true);
      for (const pending of batch) {
        if (stored.has(pending.row.id)) pending.resolve(true);
        else void this.writeAlone(pending);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** The customer's row was locked, or is gone: this statement waits for the lock. */
  private async writeAlone({ row, resolve, reject }: PendingSave): Promise<void> {
    try {
      resolve((await saveRealtimeDecisions(this.db.sql, [row], false)).has(row.id));
    } catch (error) {
      reject(error);
    }
  }
}
