import { toWords } from '../../format/to-words.ts';
import type { useMessages } from '../../i18n/messages.ts';
import type { messages } from './messages.ts';

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

const ENDED = 'enrollment ended: ';
const EXIT = 'exit: ';
const WORDS = {
  goal: 'reason_goal',
  'exit: time': 'reason_exit_time',
  ticket_open: 'reason_ticket_open',
  completed: 'reason_completed',
  requested: 'reason_requested',
  merged: 'reason_merged',
  journey_removed: 'reason_journey_removed',
  customer_gone: 'reason_customer_gone',
} as const satisfies Record<string, keyof Texts>;

/** Why a task was withdrawn, in words. What is no code of the engine are the words of the agent. */
export function describeEndReason(reason: string, t: Texts): string {
  const code = reason.startsWith(ENDED) ? reason.slice(ENDED.length) : reason;
  if (Object.hasOwn(WORDS, code)) return t[WORDS[code as keyof typeof WORDS]];
  if (code.startsWith(EXIT)) return t.reason_exit({ event: code.slice(EXIT.length) });
  return /^[a-z_]+$/.test(code) ? toWords(code) : code;
}
