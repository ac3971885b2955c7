import type { Tx } from '../../../db/client.ts';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import { mergeDiscovered } from '../identity/merge-discovered.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { type AcceptResult, accept, type Intake } from './accept.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';
import { type Refusal, RefusedEvents } from './refused-events.ts';
import { rejectEvent } from './rejection.ts';
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
  let refused: Refusals = new Map();
  const { receipts, discovered } = await retryTransaction(async () => {
    try {
      return (await intake.db.sql.begin((tx) =>
        acceptOthers(tx, intake, incoming, refused, inSameTransaction),
      )) as AcceptResult;
    } catch (error) {
      if (error instanceof RefusedEvents) refused = addRefused(incoming, refused, error.refusals);
      throw error;
    }
  });
  reportRejected(intake, incoming, { receipts, refused });
  await rememberNames(intake, incoming, receipts);
  if (discovered.length > 0) await mergeDiscovered(intake, discovered);
  return receipts;
}

/** Accepts the events that are not refused, and puts the refused ones on the list of rejected events. */
async function acceptOthers(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  refused: Refusals,
  inSameTransaction?: InSameTransaction<Receipt[]>,
): Promise<AcceptResult> {
  if (refused.size === 0) return accept(tx, intake, incoming, inSameTransaction);
  const others = incoming.filter((_, position) => !refused.has(position));
  const { receipts, discovered } = others.length > 0 ? await accept(tx, intake, others) : NOTHING_ACCEPTED;
  await saveRejectedEvents(
    tx,
    [...refused].map(([position, refusal]) => rejectEvent(incoming[position] as IncomingEvent, refusal)),
  );
  const accepted = receipts.values();
  const all = incoming.map(({ messageId }, position): Receipt => {
    if (!refused.has(position)) return accepted.next().value as Receipt;
    return { messageId, status: 'rejected', customerId: null, seq: null };
  });
  await inSameTransaction?.(tx, all);
  return { receipts: all, discovered };
}

const NOTHING_ACCEPTED: AcceptResult = { receipts: [], discovered: [] };

/** The events of customers who were erased are rejected without a refusal. */
function reportRejected(
  { onRejected }: Intake,
  incoming: readonly IncomingEvent[],
  { receipts, refused }: { receipts: readonly Receipt[]; refused: Refusals },
): void {
  if (!onRejected) return;
  for (const [position, { workspace }] of incoming.entries())
    if (receipts[position]?.status === 'rejected')
      onRejected({ workspace, code: refused.get(position)?.code ?? 'erased' });
}

/** By position in the batch. */
type Refusals = ReadonlyMap<number, Refusal>;

/** @param refusals by position among the events that were not refused yet */
function addRefused(incoming: readonly IncomingEvent[], refused: Refusals, refusals: Refusals): Refusals {
  const others = [...incoming.keys()].filter((position) => !refused.has(position));
  return new Map([
    ...refused,
    ...[...refusals].map(([n, refusal]) => [others[n] as number, refusal] as const),
  ]);
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
