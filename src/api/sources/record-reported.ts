import { createNotifier } from '../../../db/notify.ts';
import { type ReceiptOutcome, recordReceipts } from '../../app/receipts/record-receipts.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { ApiDeps } from '../frame/deps.ts';

/** Records what vendors report about messages of a workspace. One outcome per receipt, in order. */
export type RecordReported = (workspace: string, receipts: readonly Receipt[]) => Promise<ReceiptOutcome[]>;

/** Counts the receipts, too, and wakes the journeys that wait for them. */
export function createRecordReported(deps: ApiDeps): RecordReported {
  const { db, bundles, log, metrics } = deps;
  const { throughline_receipts_total: receipts, throughline_events_rejected_total: rejected } =
    metrics.instruments;
  const notifyRelays = createNotifier(db);
  const services = {
    db,
    bundles,
    log,
    secret: deps.config.secret,
    onReceipt: ({ workspace, kind, automatic, outcome }: Counted) =>
      receipts.inc({ workspace, kind, automatic: String(automatic), outcome }),
    onRejected: ({ workspace, code }: { workspace: string; code: string }) =>
      rejected.inc({ workspace, code }),
  };
  return async (workspace, reported) => {
    if (reported.length === 0) return [];
    const outcomes = await recordReceipts(services, workspace, reported);
    notifyRelays();
    return outcomes;
  };
}

interface Counted {
  workspace: string;
  kind: Receipt['kind'];
  automatic: boolean;
  outcome: ReceiptOutcome['kind'];
}
