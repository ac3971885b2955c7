import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { CommandDialogProps } from './commands.tsx';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

/** Pauses a customer, or resumes one who is paused. */
export function PauseDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const pause = useCommand('/v1/customers/{ref}/pause');
  const resume = useCommand('/v1/customers/{ref}/resume');
  // As it was when the dialog opened: a change that arrives meanwhile must not turn the button into its opposite.
  const [isPaused] = useState(customer.paused !== null);
  const command = isPaused ? resume : pause;
  const what = isPaused ? t.resumeDo : t.pauseDo;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={isPaused ? t.resumeTitle : t.pauseTitle}
      description={isPaused ? t.resumeText : t.pauseText}
      confirm={what}
      reason="required"
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => command.run(customer.id, reason, {}, () => onDone(what))}
    />
  );
}
