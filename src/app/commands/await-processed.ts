import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/client.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';

const POLL_MS = 25;

/** Waits until the journey has processed the log up to `seq`. False: it has not within `ms`. */
export async function awaitProcessed(
  db: Database,
  customerId: string,
  seq: number,
  ms: number,
): Promise<boolean> {
  const until = Date.now() + ms;
  for (;;) {
    const { processedSeq } = await readProcessedPosition(db.sql, customerId);
    if (processedSeq >= seq) return true;
    if (Date.now() >= until) return false;
    await sleep(POLL_MS);
  }
}
