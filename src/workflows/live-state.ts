import type { Held } from '../domain/protocol.ts';
import { iso } from '../domain/time.ts';
import type { Effects } from './effects.ts';
import type { Inbox } from './inbox.ts';
import type { LiveState } from './messages.ts';

/** What the query `state` answers: the last answer with the untaken news folded in. */
export function liveState(customerId: string, answer: Held, inbox: Inbox, effects: Effects): LiveState {
  const { state } = answer;
  return {
    customerId,
    ordinal: answer.ordinal,
    tookSeq: answer.tookSeq,
    openTickets: inbox.foldTickets(state.openTickets),
    enrollments: state.enrollments,
    paused: state.paused,
    quietUntil: state.quietUntil === null ? null : iso(state.quietUntil),
    wakeAt: answer.wakeAt === null ? null : iso(answer.wakeAt),
    inFlight: effects.inFlight,
    untaken: inbox.untaken,
    unknownSignals: inbox.unknownSignals,
    unreadable: inbox.unreadable,
  };
}
