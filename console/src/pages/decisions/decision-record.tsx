import { useState } from 'react';
import { Card } from '../../components/card.tsx';
import { Code } from '../../components/code.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import styles from './decisions.module.css';

/** The record as the API answers it, to copy. It is written out once it is opened. */
export function DecisionRecord({ decision }: { decision: Decision }) {
  const t = useMessages(messages);
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={t.raw}>
      <details className={styles.passed} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{t.rawShow}</summary>
        {isOpen && <Code text={JSON.stringify(decision, null, 2)} what={t.rawWhat} />}
      </details>
    </Card>
  );
}
