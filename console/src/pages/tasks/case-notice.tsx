import { useSession } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { toWords } from '../../format/to-words.ts';
import { useFormat, viewerZone } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { describeEndReason } from './end-reason.ts';
import { messages } from './messages.ts';
import { isSnoozed, type Task } from './task.ts';

/** Says when the case is no longer the reader's to work on, as soon as that happens: it is read aloud. */
export function CaseNotice({ task }: { task: Task }) {
  return (
    <div aria-live="polite">
      <Notice task={task} />
    </div>
  );
}

function Notice({ task }: { task: Task }) {
  const t = useMessages(messages);
  const format = useFormat();
  const { user } = useSession();
  const { state, assignee, endReason, outcome, snoozedUntil } = task;
  if (state === 'withdrawn') {
    const text =
      endReason === null ? t.gonePlain : t.goneBy({ reason: describeEndReason(endReason, t).slice(0, 500) });
    return (
      <Alert tone="warning" title={t.gone}>
        {text}
      </Alert>
    );
  }
  if (state === 'expired')
    return (
      <Alert tone="warning" title={t.gone}>
        {t.goneExpired}
      </Alert>
    );
  if (state === 'resolved')
    return (
      <Alert tone="success" title={t.gone}>
        {t.goneResolved({ outcome: toWords(outcome ?? '') })}
      </Alert>
    );
  if (isSnoozed(task) && snoozedUntil !== null)
    return <Alert>{t.snoozedNow({ when: format.dateTime(snoozedUntil, viewerZone) })}</Alert>;
  if (state === 'acknowledged' && assignee !== null && assignee !== user.login)
    return <Alert title={t.taken({ name: assignee })}>{t.takenText}</Alert>;
  if (state === 'open' && task.escalation.level > 0)
    return <Alert>{t.escalated({ queue: task.queue })}</Alert>;
  return null;
}
