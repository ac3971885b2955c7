import type { Logger } from 'pino';
import type { Database } from '../../db/client.ts';
import {
  leaseReconciliation,
  type Reconciliation,
  saveReconciledPage,
} from '../../db/maintenance/reconciliations.ts';

export interface ReconcileDeps {
  db: Database;
  log: Logger;
}

/** What one page has found. */
export interface ComparedPage {
  /** Where the next page begins; null: the pass is complete. */
  cursor: string | null;
  /** Where the next pass begins; by default at the beginning. */
  nextPass?: string;
  compared: number;
  /** Repairs by cause. */
  repaired: Record<string, number>;
}

/** Longer than a page takes. A page whose relay died is processed again after it. */
const LEASE_SECONDS = 30;
/** Pause after a page that failed: Temporal may have lost its store, and be back now. */
const FAILURE_PAUSE_SECONDS = 5;
/** Pauses after a page, and after a complete pass: the load of the comparison does not grow with the customers. */
const PAGE_PAUSE_SECONDS = 1;
const PASS_PAUSE_SECONDS = 10;

/**
 * Processes the next page of a comparison of what should exist in Temporal with what exists. All relays of an
 * installation share its pace. A page that fails begins its pass again.
 *
 * @param restart returns where the pass of a page began; by default at the beginning
 * @returns false: the next page is due after a pause
 */
export async function reconcilePage(
  { db, log }: ReconcileDeps,
  kind: Reconciliation,
  compare: (cursor: string) => Promise<ComparedPage>,
  restart: (cursor: string) => string = () => '',
): Promise<false> {
  const cursor = await leaseReconciliation(db.sql, kind, LEASE_SECONDS);
  if (cursor === null) return false;
  let page: ComparedPage;
  try {
    page = await compare(cursor);
  } catch (error) {
    const failed = { ...NOTHING, cursor: restart(cursor), pauseSeconds: FAILURE_PAUSE_SECONDS };
    await saveReconciledPage(db.sql, kind, failed);
    throw error;
  }
  const pauseSeconds = page.cursor === null ? PASS_PAUSE_SECONDS : PAGE_PAUSE_SECONDS;
  await saveReconciledPage(db.sql, kind, { ...page, pauseSeconds });
  const repaired = Object.fromEntries(Object.entries(page.repaired).filter(([, count]) => count > 0));
  if (Object.keys(repaired).length > 0) log.warn({ kind, repaired }, 'Temporal differed from Postgres');
  return false;
}

const NOTHING = { compared: 0, repaired: {} };
