import { noteConsents } from '../../domain/customer/consent-word.ts';
import { noteDeviceTraits } from '../../domain/customer/device-traits.ts';
import { noteAccount } from '../../domain/customer/note-account.ts';
import { noteAddresses } from '../../domain/customer/note-addresses.ts';
import { noteCommerce } from '../../domain/customer/note-commerce.ts';
import type { Bundle } from '../../domain/definition.ts';
import { noteNumbers } from '../../domain/event-properties.ts';
import { noteFactIds } from '../../domain/fact-id.ts';
import { NO_NOTES, type Note } from '../../domain/note.ts';
import { noteTicket } from '../../domain/ticket.ts';
import type { IncomingEvent } from './incoming-event.ts';

type NoteReader = (event: IncomingEvent, bundle: Bundle | null) => readonly Note[];

/** Each finds what one part of the domain can't read. All of them pass over every event, so they are quick. */
const READERS: readonly NoteReader[] = [
  (event) => noteConsents(event),
  (event, bundle) => noteNumbers(event, bundle?.events, bundle?.workspace.currency),
  (event, bundle) => noteCommerce(event, bundle?.workspace.currency ?? 'EUR'),
  (event) => noteFactIds(event),
  (event, bundle) => noteTicket(event, bundle?.workspace.tickets),
  (event, bundle) => noteAddresses(event, bundle?.workspace),
  (event) => noteDeviceTraits(event),
  (event) => noteAccount(event),
];

/** What cannot be read of an event: what its source has noted, then what the readers of the domain find. */
export function readNotes(
  event: IncomingEvent,
  bundle: Bundle | null,
  ofSource: readonly Note[] = event.notes ?? NO_NOTES,
): Note[] {
  const notes = [...ofSource];
  for (const read of READERS) notes.push(...read(event, bundle));
  return notes;
}
