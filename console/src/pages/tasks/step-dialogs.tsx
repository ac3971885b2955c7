import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import { NoteField, toNote } from './note-field.tsx';
import { ResolveDialog } from './resolve-dialog.tsx';
import { SnoozeDialog } from './snooze-dialog.tsx';
import type { StepKind } from './steps.ts';
import type { Task } from './task.ts';

interface Props {
  task: Task;
  step: StepKind | null;
  onClose(): void;
}

/** The dialog of the step that was asked for. */
export function StepDialogs({ task, step, onClose }: Props) {
  const props = { task, onClose };
  switch (step) {
    case 'resolve':
      return <ResolveDialog {...props} />;
    case 'escalate':
      return <EscalateDialog {...props} />;
    case 'snooze':
      return <SnoozeDialog {...props} />;
    case 'release':
      return <ReleaseDialog {...props} />;
    case 'dismiss':
      return <DismissDialog {...props} />;
    default:
      return null;
  }
}

type StepProps = Omit<Props, 'step'>;

function EscalateDialog({ task, onClose }: StepProps) {
  const t = useMessages(messages);
  const send = useSend('post', '/v1/tasks/{id}/escalate');
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.escalateTitle({ queue: task.escalation.next ?? '' })}
      description={t.escalateText}
      confirm={t.escalate}
      busy={send.isPending}
      problem={send.error}
      onConfirm={() =>
        send.mutate({ params: { path: { id: task.id } }, body: toNote(note) }, { onSuccess: onClose })
      }
    >
      <NoteField value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}

function ReleaseDialog({ task, onClose }: StepProps) {
  const t = useMessages(messages);
  const send = useSend('post', '/v1/tasks/{id}/release');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.releaseTitle}
      confirm={t.release}
      reason="optional"
      busy={send.isPending}
      problem={send.error}
      onConfirm={(note) =>
        send.mutate({ params: { path: { id: task.id } }, body: toNote(note) }, { onSuccess: onClose })
      }
    />
  );
}

function DismissDialog({ task, onClose }: StepProps) {
  const t = useMessages(messages);
  const send = useSend('post', '/v1/tasks/{id}/dismiss');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.dismissTitle}
      description={t.dismissText}
      confirm={t.dismiss}
      danger
      reason="required"
      busy={send.isPending}
      problem={send.error}
      onConfirm={(reason) =>
        send.mutate({ params: { path: { id: task.id } }, body: { reason } }, { onSuccess: onClose })
      }
    />
  );
}
