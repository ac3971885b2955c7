import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useFormat, viewerZone } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { Choices } from './choices.tsx';
import { messages } from './messages.ts';
import { OTHER, readLocal, suggestTimes } from './snooze-times.ts';
import type { Task } from './task.ts';

/** Asks until when, of the times before the task has to be resolved, and why. */
export function SnoozeDialog({ task, onClose }: { task: Task; onClose(): void }) {
  const t = useMessages(messages);
  const format = useFormat();
  const send = useSend('post', '/v1/tasks/{id}/snooze');
  const [times] = useState(() => suggestTimes(Date.now(), Date.parse(task.resolveBy)));
  const [choice, setChoice] = useState(times[0]?.until ?? OTHER);
  const [other, setOther] = useState('');
  const until = choice === OTHER ? readLocal(other) : choice;
  const options = times.map(({ until: value, minutes }) => ({
    value,
    label: `${minutes === null ? t.snoozeTomorrow : t.snoozeIn({ minutes })} (${format.dateTime(value, viewerZone)})`,
  }));
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.snoozeTitle}
      description={t.snoozeText({ when: format.dateTime(task.resolveBy, viewerZone) })}
      confirm={t.snooze}
      reason="required"
      busy={send.isPending}
      problem={send.error}
      onConfirm={(reason) => {
        if (until === null) return;
        send.mutate({ params: { path: { id: task.id } }, body: { until, reason } }, { onSuccess: onClose });
      }}
    >
      <Choices
        label={t.snoozeUntil}
        value={choice}
        onChange={setChoice}
        options={[...options, { value: OTHER, label: t.snoozeOther }]}
      />
      {choice === OTHER && (
        <TextInput
          label={t.snoozeAt}
          type="datetime-local"
          required
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      )}
    </ConfirmDialog>
  );
}
