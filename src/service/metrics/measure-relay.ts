import type { Instruments } from '../../metrics/metrics.ts';
import type { RelayObserver } from '../../relay/relay.ts';

/** Counts what the relay does. */
export function measureRelay(instruments: Instruments): RelayObserver {
  const {
    throughline_relay_signals_total: signals,
    throughline_relay_loop_pages_total: pages,
    throughline_relay_loop_failures_total: failures,
    throughline_relay_loop_last_success_timestamp_seconds: lastSuccess,
  } = instruments;
  for (const result of ['sent', 'failed']) signals.inc({ result }, 0);
  return {
    started(loop) {
      pages.inc({ loop }, 0);
      failures.inc({ loop }, 0);
      lastSuccess.set({ loop }, Date.now() / 1_000);
    },
    finishedPage(loop) {
      pages.inc({ loop });
      lastSuccess.set({ loop }, Date.now() / 1_000);
    },
    failedPage: (loop) => failures.inc({ loop }),
    signalled: (result) => signals.inc({ result }),
  };
}
