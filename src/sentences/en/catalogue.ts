import { NOTES } from '../../domain/note.ts';
import type { Catalogue } from '../message.ts';
import type { NoteMessages } from '../messages.ts';
import { changes, reasons } from './changes.ts';
import { events } from './events.ts';
import { items } from './items.ts';
import { following, outlook, states } from './outlook.ts';
import { lifts, verdicts } from './verdicts.ts';

const notes = Object.fromEntries(
  Object.entries(NOTES).map(([code, text]) => [`note.${code}`, () => text]),
) as unknown as Catalogue<NoteMessages>;

/** English. */
export const english: Catalogue = {
  ...verdicts,
  ...lifts,
  ...outlook,
  ...following,
  ...states,
  ...events,
  ...items,
  ...changes,
  ...reasons,
  ...notes,
};
