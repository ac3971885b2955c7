import type { ProgressAnswer } from '../domain/protocol.ts';
import { iso } from '../domain/time/time.ts';
import type { EffectRunner } from './effect-runner.ts';
import type { Inbox } from './inbox.ts';
import type { LiveState } from './messages.ts';

/** Builds the result of the `state` query: the last answer, with the tickets of unprocessed notices folded in. */
export function buildLiveState(
  customerId: string,
  answer: ProgressAnswer,
  inbox: Inbox,
  effects: EffectRunner,
): LiveState {
  const { state } = answer;
  return {
    customerId,
    ordinal: answer.ordinal,
    processedSeq: answer.processedSeq,
    openTickets: inbox.foldTickets(state.openTickets),
    enrollments: state.enrollments,
    paused: state.paused,
    quietUntil: state.quietUntil === null ? null : iso(state.quietUntil),
    wakeAt: answer.wakeAt === null ? null : iso(answer.wakeAt),
    inFlight: effects.inFlight,
    unprocessed: inbox.unprocessed,
    unknownSignals: inbox.unknownSignals,
    unreadable: inbox.unreadable,
  };
}
