import type { Messages } from './messages.ts';
import type { ListParam } from './param.ts';

export type MessageCode = keyof Messages;

/** Something to say: a stable code, and what it is about. A catalogue has the words. */
export type Message = {
  [C in MessageCode]: { readonly code: C; readonly params: Messages[C] };
}[MessageCode];

/** A message with its parameters, checked against its code. */
export function message<C extends MessageCode>(code: C, params: Messages[C]): Message {
  return { code, params } as Message;
}

/** A list as a catalogue gets it: written out, and with the number of its items. */
export interface WrittenList {
  text: string;
  count: number;
}

type Written<P> = P extends null
  ? null
  : P extends number | boolean
    ? P
    : P extends ListParam
      ? WrittenList
      : string;

/** The words of one language: for each code a function of the parameters as they are written. */
export type Catalogue<Codes = Messages> = {
  [C in keyof Codes]: (params: { [P in keyof Codes[C]]: Written<Codes[C][P]> }) => string;
};
