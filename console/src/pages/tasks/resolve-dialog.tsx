import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { toWords } from '../../format/to-words.ts';
import { useMessages } from '../../i18n/messages.ts';
import { Choices } from './choices.tsx';
import { messages } from './messages.ts';
import { NoteField, toNote } from './note-field.tsx';
import type { Task } from './task.ts';

/** Asks for the outcome, of those that the action declares. */
export function ResolveDialog({ task, onClose }: { task: Task; onClose(): void }) {
  const t = useMessages(messages);
  const send = useSend('post', '/v1/tasks/{id}/resolve');
  const [outcome, setOutcome] = useState(task.outcomes[0] ?? '');
  const [note, setNote] = useState('');
  const body = { outcome, ...toNote(note) };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.resolveTitle}
      description={t.resolveText}
      confirm={t.resolve}
      busy={send.isPending}
      problem={send.error}
      onConfirm={() => send.mutate({ params: { path: { id: task.id } }, body }, { onSuccess: onClose })}
    >
      <Choices
        label={t.outcome}
        value={outcome}
        onChange={setOutcome}
        options={task.outcomes.map((value) => ({ value, label: toWords(value) }))}
      />
      <NoteField value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
