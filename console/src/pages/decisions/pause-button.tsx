import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useCan, useSession } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import type { ActionDetail } from './action.ts';

/** Pauses or resumes the action for all customers, with a reason. */
export function PauseButton({ action: { id, name, class: actionClass, state } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const { user } = useSession();
  const isAllowed = useCan('configure');
  const pause = useSend('post', '/v1/actions/{id}/pause');
  const resume = useSend('post', '/v1/actions/{id}/resume');
  const [isOpen, setOpen] = useState(false);
  if (!isAllowed) return null;
  const isPaused = state === 'paused';
  if (!isPaused && (actionClass === 'mandatory' || actionClass === 'transactional'))
    return (
      <Tooltip text={t.notPausable}>
        <span>
          <Button disabled>{t.pause}</Button>
        </span>
      </Tooltip>
    );
  const send = isPaused ? resume : pause;
  const close = () => {
    setOpen(false);
    send.reset();
  };
  const confirm = (reason: string) =>
    send.mutate({ params: { path: { id } }, body: { reason, actor: user.login } }, { onSuccess: close });
  return (
    <>
      <Button kind={isPaused ? 'primary' : 'danger'} onClick={() => setOpen(true)}>
        {isPaused ? t.resume : t.pause}
      </Button>
      <ConfirmDialog
        open={isOpen}
        onClose={close}
        title={isPaused ? t.resumeTitle({ action: name ?? id }) : t.pauseTitle({ action: name ?? id })}
        description={isPaused ? t.resumeText : t.pauseText}
        confirm={isPaused ? t.resume : t.pause}
        danger={!isPaused}
        reason="required"
        busy={send.isPending}
        problem={send.error}
        onConfirm={confirm}
      />
    </>
  );
}
