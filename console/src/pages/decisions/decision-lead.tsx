import { describeSilence, listSilence } from '../../../../src/sentences/describe-silence.ts';
import { Alert } from '../../components/alert.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useSentences } from '../../sentences/use-sentences.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';

const TONES = {
  acted: 'success',
  offered: 'success',
  held: 'warning',
  fallback: 'warning',
  nothing: 'info',
  moved: 'info',
} as const;

/** What the decision came to, in a sentence; and why actions are silent. */
export function DecisionLead({ decision, zone }: { decision: Decision; zone: string }) {
  const t = useMessages(messages);
  const names = useNames();
  const sentences = useSentences(zone);
  const { outcome, actions } = decision;
  const chosen = { actions: actions.map(({ action }) => names.action(action)).join(', ') };
  const leads = {
    acted: t.chose(chosen),
    offered: t.offeredLead(chosen),
    fallback: t.fallbackLead(chosen),
    held: t.heldLead,
    nothing: t.nothingLead,
    moved: t.movedLead,
  };
  return (
    <Alert tone={TONES[outcome]} title={leads[outcome]}>
      {describeSilence(listSilence(decision)).map((silence) => {
        const text = sentences.write(silence);
        return <p key={text}>{text}</p>;
      })}
    </Alert>
  );
}
