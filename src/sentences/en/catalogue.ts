import { NOTES } from '../../domain/note.ts';
import type { Catalogue } from '../message.ts';
import { createNoteSentences } from '../note-sentences.ts';
import { changes, reasons } from './changes.ts';
import { events } from './events.ts';
import { items } from './items.ts';
import { following, outlook, states } from './outlook.ts';
import { lifts, verdicts } from './verdicts.ts';

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
  ...createNoteSentences(NOTES),
};
