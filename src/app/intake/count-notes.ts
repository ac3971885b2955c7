import type { NoteCountRow } from '../../../db/events/note-counts.ts';
import type { Note } from '../../domain/note.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** Counts the notes of a batch by workspace, code, field and source, each with its newest example. */
export class NoteCounts {
  private readonly counts = new Map<string, NoteCountRow>();

  add(
    { workspace, source, name }: Pick<IncomingEvent, 'workspace' | 'source' | 'name'>,
    customerId: string,
    notes: readonly Note[],
  ): void {
    for (const { code, field, value } of notes) {
      const key = JSON.stringify([workspace, code, field, source]);
      const count = (this.counts.get(key)?.count ?? 0) + 1;
      this.counts.set(key, {
        workspace,
        code,
        field,
        source,
        count,
        event: name,
        example: value,
        customerId,
      });
    }
  }

  /** Sorted by key, so that two batches never wait for each other in a circle. */
  rows(): NoteCountRow[] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}
