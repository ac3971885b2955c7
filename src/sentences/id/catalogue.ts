import type { Catalogue } from '../message.ts';
import { createNoteSentences } from '../note-sentences.ts';
import { changes, reasons } from './changes.ts';
import { events } from './events.ts';
import { items } from './items.ts';
import { NOTES } from './notes.ts';
import { following, outlook, states } from './outlook.ts';
import { lifts, verdicts } from './verdicts.ts';

/** Indonesian. */
export const indonesian: Catalogue = {
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
