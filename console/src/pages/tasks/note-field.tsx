import { Textarea } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** What an agent writes about a step, for the history of the case. */
export function NoteField({ value, onChange }: { value: string; onChange(note: string): void }) {
  const t = useMessages(messages);
  return (
    <Textarea
      label={t.note}
      hint={t.noteHint}
      maxLength={2_000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The note as the API takes it: nothing, if it is empty. */
export function toNote(text: string): { note?: string } {
  const note = text.trim();
  return note === '' ? {} : { note };
}
