import type { DecisionServices } from '../../app/decide/services.ts';
import type { Instruments } from '../../metrics/metrics.ts';

/** Counts what use cases report of themselves. */
export function measureUseCases(
  instruments: Instruments,
): Required<Pick<DecisionServices, 'onDecided' | 'onRejected'>> {
  return {
    onRejected: ({ workspace, code }) =>
      instruments.throughline_events_rejected_total.inc({ workspace, code }),
    onDecided({ workspace, outcome, oldestAcceptedAt }) {
      instruments.throughline_decisions_total.inc({ workspace, kind: 'journey', outcome });
      if (oldestAcceptedAt !== null)
        // Acceptance has Postgres' clock, which may be ahead of this one.
        instruments.throughline_wake_lag_seconds.observe(Math.max(0, Date.now() - oldestAcceptedAt) / 1_000);
    },
  };
}
