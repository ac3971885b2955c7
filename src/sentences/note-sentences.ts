import type { NoteCode } from '../domain/note.ts';
import type { Catalogue } from './message.ts';
import type { NoteMessages } from './messages.ts';

/** The sentences of notes, which have no parameters. */
export function createNoteSentences(texts: Readonly<Record<NoteCode, string>>): Catalogue<NoteMessages> {
  return Object.fromEntries(
    Object.entries(texts).map(([code, text]) => [`note.${code}`, () => text]),
  ) as unknown as Catalogue<NoteMessages>;
}
