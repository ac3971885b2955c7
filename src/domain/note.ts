/**
 * What a note can say: the code, and what it means to the engineer who maintains the sender. Codes are stored, so a
 * released one is never renamed.
 */
export const NOTES = {
  unreadable_number:
    'An amount, or a property that events.yaml declares as a number, is no plain decimal number. It is unknown, not 0.',
  placeholder_id:
    'An id identifies nobody and nothing: a word such as `undefined`, a placeholder or zeros. It counts as absent.',
  shared_id:
    'An id has gathered more other ids than one person has: a placeholder, or an id that strangers share.',
  unreadable_time:
    'A time is not ISO 8601, nor seconds or milliseconds since 1970. The time of acceptance, or of the event, counts.',
  unknown_ticket_status:
    'The word for the state of a ticket is not known. The name of the event decides; an update changes no state.',
  ticket_without_id: 'A ticket event has no `ticket_id`. It opens, changes and closes no ticket.',
  unknown_consent_word: 'A word that should grant or withdraw consent is not known. It is no statement.',
  consent_without_purpose: 'A statement of consent names no purpose. It is no statement.',
  too_many_purposes:
    'A consent object names more purposes than are read. Those that are withdrawn are read first.',
  unknown_currency:
    'A currency is not known, or a sign such as `$` that the currency of the workspace does not use. Its amounts are ' +
    'kept apart, and are not added to those of another currency.',
  foreign_refund:
    'A refund is in another currency than its order. What it is worth is unknown, so nothing is taken off the order.',
  order_without_id:
    'An event that changes an order, or gives it back, has no `order_id`. It changes no order.',
  group_without_id: 'A group call names no account. Nobody joins one, and its traits are not kept.',
  wrong_type:
    'Something is a text, a number or a list where an object belongs, or anything else where a list belongs. It counts as absent.',
  outside_properties:
    'A track call has no properties, but a field beside them that is not read, such as `order_id`.',
  unknown_order_status: 'The word for the state of an order is not known. It changes nothing.',
  unknown_locale: 'A language is not known. It counts as absent.',
  unknown_time_zone:
    'A time zone is neither an IANA name nor an offset such as `+02:00`. It counts as absent: the time zone of the ' +
    'workspace applies.',
  unreadable_address:
    'The address of a channel is not exactly one e-mail address or phone number. Nothing is sent to it.',
  needs_proof:
    'A browser key stated what needs a server key, a declared source or proof: another address than the known one, a ' +
    'consent that was withdrawn, an account, or that two known customers are one. It is kept, and changes nothing.',
  unknown_order:
    'Money is given back of an order that is not known. It is taken off when the order comes. Of a customer, the newest 250 orders are known.',
  no_room:
    'There were more traits, kinds of events or changes of unknown orders than a profile keeps. The oldest that nothing reads went.',
} as const;

export type NoteCode = keyof typeof NOTES;

/**
 * Something in an event that could not be read. It is kept in the log as sent, nothing is guessed in its place, and
 * the note says so to the people who look after the sender.
 */
export interface Note {
  code: NoteCode;
  /** Path of what could not be read, such as `properties.status`. */
  field: string;
  /** What was sent, shortened; null if it is personal. */
  value: string | null;
}

export const NO_NOTES: readonly Note[] = Object.freeze([]);

/** An event keeps so many notes. */
const KEPT_NOTES = 20;
const LONGEST_VALUE = 32;
const LONGEST_FIELD = 100;

/**
 * Writes a note.
 * @param value what was sent; null if it must not be repeated
 */
export function writeNote(code: NoteCode, field: string, value: unknown): Note {
  return { code, field: field.slice(0, LONGEST_FIELD), value: describeValue(value) };
}

/** The value in a few characters: enough to recognise what a sender sends, and no more of a customer than that. */
function describeValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return '(list)';
  if (typeof value === 'object') return '(object)';
  const text = String(value).toWellFormed();
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1).toWellFormed()}…` : text;
}

/** The first notes, each code and field once. */
export function limitNotes(notes: readonly Note[]): Note[] {
  const distinct = new Map(notes.map((note) => [`${note.code} ${note.field}`, note]));
  return [...distinct.values()].slice(0, KEPT_NOTES);
}
