import type { Tx } from '../../../db/client.ts';
import { mergeDiscovered } from '../identity/merge-discovered.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { type AcceptResult, accept, type Intake } from './accept.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';
import { rememberNames } from './remember-names.ts';
import { retryTransaction } from './retry-transaction.ts';

export type { Intake } from './accept.ts';

/**
 * Accepts events in a transaction of their own and returns after its commit. Customers that the batch has identified
 * as one are merged before it returns.
 *
 * @param inSameTransaction gets the receipts
 * @returns one receipt per event, in order
 */
export async function commitEvents(
  intake: Intake,
  incoming: IncomingEvent[],
  inSameTransaction?: InSameTransaction<Receipt[]>,
): Promise<Receipt[]> {
  const { receipts, discovered } = await retryTransaction(
    () =>
      intake.db.sql.begin((tx) => accept(tx, intake, incoming, inSameTransaction)) as Promise<AcceptResult>,
  );
  await rememberNames(intake, incoming);
  if (discovered.length > 0) await mergeDiscovered(intake, discovered);
  return receipts;
}

/**
 * Accepts events in the caller's transaction, which must not hold a lock that `accept` takes later in its order. The
 * relay makes the merges that the batch discovers.
 */
export async function acceptInTransaction(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
): Promise<Receipt[]> {
  return (await accept(tx, intake, incoming)).receipts;
}
