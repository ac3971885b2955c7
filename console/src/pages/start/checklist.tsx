import { Circle, CircleCheck } from 'lucide-react';
import type { Answer } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './checklist.module.css';
import { messages } from './messages.ts';

type Done = Answer<'get', '/v1/start'>['done'];

const STEPS = ['event', 'order', 'ticket', 'message', 'apply'] as const;

/** What the workspace has seen at least once, and what to try next. */
export function Checklist({ done }: { done: Done }) {
  const t = useMessages(messages);
  const next = STEPS.find((step) => !done[step]);
  const count = STEPS.filter((step) => done[step]).length;
  return (
    <Card title={t.checklist} note={t.checklistNote({ done: count, all: STEPS.length })}>
      <ol className={styles.list}>
        {STEPS.map((step) => (
          <li key={step} className={styles.step} data-done={done[step]} data-next={step === next}>
            {done[step] ? <CircleCheck aria-hidden="true" /> : <Circle aria-hidden="true" />}
            <div>
              <p className={styles.name}>
                <span className="visually-hidden">{done[step] ? t.done : t.open}: </span>
                {t[`check_${step}`]}
              </p>
              {step === next && <p className={styles.hint}>{t[`hint_${step}`]}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
