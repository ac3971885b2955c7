import { type CallType, toText } from '../domain/event.ts';
import { type Note, writeNote } from '../domain/note.ts';
import { isPlaceholder, isPlaceholderAddress, isPlaceholderNumber } from '../domain/values/placeholder.ts';

/** The ids of a call. One that identifies nobody counts as absent, with a note. */
export interface CallIds {
  messageId: string | undefined;
  userId: string | undefined;
  anonymousId: string | undefined;
  previousId: string | undefined;
  groupId: string | undefined;
  notes: Note[];
}

export function readIds(
  raw: Record<string, unknown>,
  call: CallType,
  context: Record<string, unknown>,
): CallIds {
  const notes: Note[] = [];
  return {
    messageId: readId(raw.messageId, 'messageId', notes),
    userId: readId(raw.userId, 'userId', notes),
    anonymousId: readId(raw.anonymousId, 'anonymousId', notes),
    previousId: call === 'alias' ? readId(raw.previousId, 'previousId', notes) : undefined,
    groupId:
      call === 'group'
        ? readId(raw.groupId, 'groupId', notes)
        : readId(context.groupId, 'context.groupId', notes),
    notes,
  };
}

/** An id as text; undefined if there is none, or if it identifies nobody. */
export function readId(value: unknown, field: string, notes: Note[]): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = toText(value);
  if (text !== undefined && !isPlaceholder(text)) return text;
  notes.push(writeNote('placeholder_id', field, value));
  return undefined;
}

/** An address as identity; undefined if it identifies nobody. It stays a trait. */
export function identifyAddress(address: string | undefined, notes: Note[]): string | undefined {
  if (address === undefined || !isPlaceholderAddress(address)) return address;
  notes.push(writeNote('placeholder_id', 'email', null));
  return undefined;
}

/** A phone number as identity; undefined if it identifies nobody. It stays a trait. */
export function identifyNumber(number: string | undefined, notes: Note[]): string | undefined {
  if (number === undefined || !isPlaceholderNumber(number)) return number;
  notes.push(writeNote('placeholder_id', 'phone', null));
  return undefined;
}
