import type { Receipt as EventReceipt, IncomingEvent } from '../../app/intake/incoming-event.ts';
import type { ReceiptOutcome } from '../../app/receipts/record-receipts.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { createRecordReported } from './record-reported.ts';

/** What became of the events and receipts of one request. */
export interface AcceptedRead {
  accepted: readonly EventReceipt[];
  recorded: readonly ReceiptOutcome[];
  /** One of them at least was not known before. */
  isNew: boolean;
  /** A receipt names a delivery that is not known, or not yet. */
  isUnknown: boolean;
}

/** Accepts the events that a request was read as, and records its receipts. */
export type AcceptRead = (
  workspace: string,
  read: { events: IncomingEvent[]; receipts: readonly Receipt[] },
) => Promise<AcceptedRead>;

export function createAcceptRead(deps: ApiDeps): AcceptRead {
  const recordReported = createRecordReported(deps);
  return async (workspace, { events, receipts }) => {
    const accepted = events.length > 0 ? await deps.intake.accept(events) : [];
    const recorded = await recordReported(workspace, receipts);
    return {
      accepted,
      recorded,
      isNew:
        accepted.some(({ status }) => status === 'accepted') ||
        recorded.some(({ kind }) => kind === 'recorded'),
      isUnknown: recorded.some(({ kind }) => kind === 'unknown_delivery'),
    };
  };
}
