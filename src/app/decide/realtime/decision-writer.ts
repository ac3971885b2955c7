import type { Database } from '../../../../db/client.ts';
import {
  type RealtimeDecisionRow,
  saveRealtimeDecisions,
} from '../../../../db/decisions/save-realtime-decisions.ts';

interface Waiting {
  row: RealtimeDecisionRow;
  isLate: () => boolean;
  resolve(stands: boolean): void;
  reject(error: unknown): void;
}

/** Decisions in one statement at most. */
const BATCH = 100;
/** Statements on their way at once. */
const IN_FLIGHT = 2;

/**
 * Writes decisions on the spot, those that come at once in one statement: while one is on its way the next gathers.
 * Nobody waits for company, and nobody for a stranger's customer who is busy.
 */
export class DecisionWriter {
  private queue: Waiting[] = [];
  private running = 0;
  private readonly db: Pick<Database, 'sql'>;

  constructor(db: Pick<Database, 'sql'>) {
    this.db = db;
  }

  /** Resolves when it is committed: true; or with false if the customer is gone, or it was late before it was begun. */
  save(row: RealtimeDecisionRow, isLate: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.queue.push({ row, isLate, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    if (this.running >= IN_FLIGHT) return;
    const batch: Waiting[] = [];
    for (const waiting of this.queue.splice(0, BATCH)) {
      if (waiting.isLate()) waiting.resolve(false);
      else batch.push(waiting);
    }
    if (batch.length === 0) return;
    this.running++;
    void this.write(batch).finally(() => {
      this.running--;
      this.pump();
    });
  }

  private async write(batch: Waiting[]): Promise<void> {
    try {
      const rows = batch.map(({ row }) => row);
      const stand = await saveRealtimeDecisions(this.db.sql, rows, true);
      for (const one of batch) {
        if (stand.has(one.row.id)) one.resolve(true);
        else void this.writeAlone(one);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** Its customer was busy, or is gone. It alone waits to learn which. */
  private async writeAlone({ row, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve((await saveRealtimeDecisions(this.db.sql, [row], false)).has(row.id));
    } catch (error) {
      reject(error);
    }
  }
}
