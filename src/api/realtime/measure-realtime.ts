import type { RealtimeDecisions } from '../../app/decide/realtime/realtime-decisions.ts';
import {
  type RealtimeAnswer,
  UnknownPlacementError,
  WrongChannelError,
} from '../../app/decide/realtime/realtime-request.ts';
import type { Metrics } from '../../metrics/metrics.ts';

const kind = 'realtime';

/** The same decisions, with their outcomes counted and their time measured. Dry runs decide, too. */
export function measureRealtime(
  decisions: Pick<RealtimeDecisions, 'decide' | 'inProgress'>,
  { instruments, onScrape }: Metrics,
): Pick<RealtimeDecisions, 'decide'> {
  onScrape('queue realtime', () =>
    instruments.throughline_queue_waiting.set({ queue: 'realtime' }, decisions.inProgress),
  );
  instruments.throughline_decision_failures_total.inc({ kind }, 0);
  return {
    async decide(request) {
      const { workspace } = request;
      let answer: RealtimeAnswer;
      try {
        answer = await decisions.decide(request);
      } catch (error) {
        if (!isFaultOfCaller(error)) instruments.throughline_decision_failures_total.inc({ kind });
        throw error;
      }
      const seconds = (performance.now() - request.startedAt) / 1_000;
      instruments.throughline_decision_seconds.observe({ kind }, seconds);
      const { fallbackReason: reason } = answer;
      instruments.throughline_decisions_total.inc({ workspace, kind, outcome: nameOutcome(answer) });
      if (reason !== null) instruments.throughline_realtime_fallbacks_total.inc({ workspace, reason });
      return answer;
    },
  };
}

function isFaultOfCaller(error: unknown): boolean {
  return error instanceof UnknownPlacementError || error instanceof WrongChannelError;
}

/** As the stored decision names it. */
function nameOutcome({ fallbackReason, actions }: RealtimeAnswer): string {
  if (fallbackReason === null) return 'offered';
  return actions.length > 0 ? 'fallback' : 'nothing';
}
