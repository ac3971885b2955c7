import { Alert } from '../../components/alert.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import { type ActionDetail, nameHarm } from './action.ts';

/** Since when the action is paused, by whom and why. */
export function PauseNotice({ action: { pausedSince, pauseCause } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  if (pausedSince === null) return null;
  const { harm, actor, reason } = pauseCause ?? { harm: 'by_hand', actor: null, reason: null };
  const by =
    actor === null
      ? t.pausedByGuardrail({ harm: nameHarm(harm, t) })
      : t.pausedBy({ actor: actor.slice(0, 100) });
  return (
    <Alert tone="warning">
      {t.pausedSince} <Instant at={pausedSince} /> {by}
      {reason !== null && (
        <>
          : <SenderText text={reason} />
        </>
      )}
    </Alert>
  );
}
