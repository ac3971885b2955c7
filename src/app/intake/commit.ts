import type { Tx } from '../../../db/client.ts';
import { mergeDiscovered } from '../identity/merge-discovered.ts';
import { type AcceptResult, accept, type InSameTransaction, type Intake } from './accept.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';
import { retryTransaction } from './retry-transaction.ts';

export type { InSameTransaction, Intake } from './accept.ts';

/**
 * Accepts events in a transaction of their own. What it returns is committed. Customers that the batch has found to
 * be one are merged before it returns.
 */
export async function commitEvents(
  intake: Intake,
  incoming: IncomingEvent[],
  together?: InSameTransaction,
): Promise<Receipt[]> {
  const { receipts, discovered } = await retryTransaction(
    () => intake.db.sql.begin((tx) => accept(tx, intake, incoming, together)) as Promise<AcceptResult>,
  );
  if (discovered.length > 0) await mergeDiscovered(intake, discovered);
  return receipts;
}

/** The same inside a transaction of the caller's, who holds no lock of a later order yet. Merges are left to the relay. */
export async function acceptInTransaction(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  together?: InSameTransaction,
): Promise<Receipt[]> {
  return (await accept(tx, intake, incoming, together)).receipts;
}
