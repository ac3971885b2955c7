import { type Message, message } from './message.ts';
import type { ReasonMessages } from './messages.ts';
import { partsParam } from './param.ts';

/** Recorded words that stand for a reason. Others are the words of a definition, and are shown as they are. */
const REASONS: Record<string, keyof ReasonMessages> = {
  already_open: 'reason.already_open',
  limit: 'reason.limit',
  entered_before: 'reason.entered_before',
  entered_recently: 'reason.entered_recently',
  overtaken: 'reason.overtaken',
  no_room: 'reason.no_room',
  goal: 'reason.goal',
  restarted: 'reason.restarted',
  completed: 'reason.completed',
  merged: 'reason.merged',
  requested: 'reason.requested',
  journey_removed: 'reason.journey_removed',
  'exit: time': 'reason.exit_time',
  decided_afresh: 'reason.decided_afresh',
  ticket_open: 'reason.ticket_open',
  customer_gone: 'reason.customer_gone',
};
const EXIT = 'exit: ';
const ENDED = 'enrollment ended: ';

/** Why a journey was not entered or ended, or why a message was cancelled. */
export function describeReason(reason: string): Message {
  if (!reason.startsWith(ENDED)) return describeWord(reason);
  return message('reason.enrollment_ended', { reason: partsParam(describeWord(reason.slice(ENDED.length))) });
}

function describeWord(reason: string): Message {
  const code = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  if (code !== undefined) return { code, params: {} } as Message;
  if (reason.startsWith(EXIT)) return message('reason.exit', { by: reason.slice(EXIT.length) });
  return message('reason.text', { text: reason });
}
