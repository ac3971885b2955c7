import type { Tx } from '../../db/client.ts';
import { type Accepted, accept, type Intake, type Together } from './accept.ts';
import type { IncomingEvent, Receipt } from './incoming.ts';
import { mergeDiscovered } from './merge-discovered.ts';
import { tryAgain } from './try-again.ts';

export type { Intake, Together } from './accept.ts';

/**
 * Accepts events in a transaction of their own. What it returns is committed. Customers that the batch has found to
 * be one are merged before it returns.
 */
export async function commitEvents(
  intake: Intake,
  incoming: IncomingEvent[],
  together?: Together,
): Promise<Receipt[]> {
  const { receipts, discovered } = await tryAgain(
    () => intake.db.sql.begin((tx) => accept(tx, intake, incoming, together)) as Promise<Accepted>,
  );
  if (discovered.length > 0) await mergeDiscovered(intake, discovered);
  return receipts;
}

/** The same inside a transaction of the caller's, who holds no lock of a later order yet. Merges are left to the relay. */
export async function appendAll(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  together?: Together,
): Promise<Receipt[]> {
  return (await accept(tx, intake, incoming, together)).receipts;
}
