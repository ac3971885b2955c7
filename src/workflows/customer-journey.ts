import {
  condition,
  patched,
  proxyLocalActivities,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ProgressAnswer } from '../domain/protocol.ts';
import { emptyState } from '../domain/state.ts';
import { earliest, SECOND } from '../domain/time/time.ts';
import { EffectRunner } from './effect-runner.ts';
import { Inbox } from './inbox.ts';
import { readAnswer, readJourneyInput } from './legacy-payloads.ts';
import { buildLiveState } from './live-state.ts';
import { eventsSignal, type JourneyInput, stateQuery } from './messages.ts';
import { continueJourney, rolloverDue } from './rollover.ts';
import { WakeTimer } from './wake-timer.ts';

const { decideNextBestAction } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '10s',
  retry: { maximumAttempts: 3, initialInterval: '200ms', maximumInterval: '2s' },
});

/**
 * Since November 2026, direct events beyond what one decision can take wait for the next. Asked only where there are so
 * many: each marker costs history.
 */
const BOUNDED_DIRECT_EVENTS = 'bounded-direct-events';

/** The longest pause before a decision that failed is requested again. */
const MAX_PAUSE = 5 * SECOND;

/**
 * Throughline runs every customer's journey as one durable Temporal workflow. It waits on signals (purchases, tickets,
 * behaviour), asks the decisioning activity for the next best action, carries it out or hands it to a person, and
 * keeps marketing silent while a ticket is open.
 *
 * The workflow never interprets a definition. The activity does, and its answer is in the history, so definitions,
 * weights and libraries may change without breaking a replay. The workflow ends only when its customer is merged or
 * erased.
 */
export async function customerJourney(storedInput: JourneyInput): Promise<void> {
  const input = readJourneyInput(storedInput);
  const inbox = new Inbox(input, workflowInfo().firstExecutionRunId);
  const effects = new EffectRunner(input, inbox);
  const timer = new WakeTimer();
  let answer: ProgressAnswer = {
    kind: 'resume',
    ordinal: 0,
    processedSeq: 0,
    state: emptyState(),
    effects: [],
    wakeAt: null,
    more: true,
  };
  let lastOrdinal: number | null = null;
  let failures = 0;

  setHandler(eventsSignal, (signal) => inbox.receive(signal));
  setDefaultSignalHandler((name) => inbox.countUnknown(name));
  setHandler(stateQuery, () => buildLiveState(input.customerId, answer, inbox, effects));

  for (;;) {
    // Receive. Every run begins with a decision, because Postgres owns the progress.
    await condition(() => inbox.pending || timer.fired || effects.postponed || answer.more);
    effects.retryDue();

    // Fold the events that came and decide, in one transaction of the activity.
    const due = answer.wakeAt !== null && answer.wakeAt <= Date.now();
    if (lastOrdinal === null || inbox.pending || due || answer.more) {
      const request = inbox.beginDecision(() => patched(BOUNDED_DIRECT_EVENTS));
      try {
        const next = readAnswer(
          await decideNextBestAction({
            workspace: input.workspace,
            customerId: input.customerId,
            ordinal: lastOrdinal === null ? null : lastOrdinal + 1,
            now: Date.now(),
            ...request,
            rollingOver: rolloverDue(input),
          }),
        );
        if (next.kind === 'gone') {
          inbox.applyAnswer({ processedSeq: 0, more: false });
          // What came by signal alone belongs to the customer who answers for this one now.
          if (!inbox.holdsDirect) return;
          continue;
        }
        answer = next;
        failures = 0;
      } catch {
        // The activity has retried for seconds. From here on this timer retries, and no notice is lost meanwhile.
        inbox.putBack(request.effectsSettled);
        await sleep(Math.min(MAX_PAUSE, 2 ** failures++ * SECOND));
        if (rolloverDue(input) && inbox.fitsInput) await continueJourney(input, inbox);
        continue;
      }
      lastOrdinal = answer.ordinal;
      inbox.applyAnswer(answer);

      // Act: effects are started, never awaited.
      effects.start(answer.effects);
    }

    // Wait for the next event or the earliest instant at which time alone changes something.
    if (rolloverDue(input) && !answer.more && inbox.fitsInput) await continueJourney(input, inbox);
    timer.set(earliest(answer.wakeAt, effects.nextRetry));
  }
}
