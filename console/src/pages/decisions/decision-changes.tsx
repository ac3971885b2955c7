import { describeChange } from '../../../../src/sentences/describe-change.ts';
import { Card } from '../../components/card.tsx';
import { useSentences } from '../../customer/use-sentences.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import styles from './decisions.module.css';

/** What the decision changed besides: enrollments, stage, segments. */
export function DecisionChanges({ changes, zone }: { changes: Decision['changes']; zone: string }) {
  const t = useMessages(messages);
  const { write } = useSentences(zone);
  if (changes.length === 0) return null;
  return (
    <Card title={t.changes}>
      <ul className={styles.list}>
        {changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of a recorded decision never changes
          <li key={index}>{write(describeChange(change))}</li>
        ))}
      </ul>
    </Card>
  );
}
