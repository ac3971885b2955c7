import type { DecisionServices } from '../../app/decide/services.ts';
import type { Instruments } from '../../metrics/metrics.ts';

/** Counts what use cases report of themselves. */
export function measureUseCases(
  instruments: Instruments,
): Required<Pick<DecisionServices, 'onDecided' | 'onReceipt' | 'onRejected'>> {
  return {
    onRejected: ({ workspace, code }) =>
      instruments.throughline_events_rejected_total.inc({ workspace, code }),
    onReceipt: ({ workspace, kind, automatic, outcome }) =>
      instruments.throughline_receipts_total.inc({ workspace, kind, automatic: String(automatic), outcome }),
    onDecided({ workspace, outcome, oldestAcceptedAt }) {
      instruments.throughline_decisions_total.inc({ workspace, kind: 'journey', outcome });
      if (oldestAcceptedAt !== null)
        // Acceptance has Postgres' clock, which may be ahead of this one.
        instruments.throughline_wake_lag_seconds.observe(Math.max(0, Date.now() - oldestAcceptedAt) / 1_000);
    },
  };
}
