import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useSession } from '../../app/session.tsx';
import { Badge } from '../../components/badge.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useActionWords } from '../../names/use-action-words.ts';
import { CaseCards } from './case-cards.tsx';
import { CaseNotice } from './case-notice.tsx';
import styles from './case-pane.module.css';
import type { Filters } from './filters.ts';
import { leaveTask } from './left-task.ts';
import { messages } from './messages.ts';
import type { StepKind } from './steps.ts';
import { Steps } from './steps-bar.tsx';
import { isLate, isOpen, type Task } from './task.ts';

/** Changes come by the stream. This is for times that pass, and for when it is away. */
const EVERY_MS = 15_000;

interface Props {
  id: string;
  filters: Filters;
  /** The step that a key has asked for. */
  step: StepKind | null;
  setStep(step: StepKind | null): void;
}

/** One case: what happened, what the agent needs for it, and what they can do. It follows what others do meanwhile. */
export function CasePane({ id, filters, step, setStep }: Props) {
  const t = useMessages(messages);
  useEffect(() => () => leaveTask(id), [id]);
  const query = useApi('get', '/v1/tasks/{id}', { params: { path: { id } } }, { refetchInterval: EVERY_MS });
  return (
    <article className={styles.case}>
      <Link to="/tasks" search={filters} className={styles.back}>
        <ArrowLeft aria-hidden="true" />
        {t.back}
      </Link>
      <QueryState query={query} loading={<Skeleton lines={14} />}>
        {(task) => (
          <>
            <Heading task={task} />
            <Steps task={task} step={step} setStep={setStep} />
            <CaseNotice task={task} />
            <CaseCards task={task} />
          </>
        )}
      </QueryState>
    </article>
  );
}

function Heading({ task }: { task: Task }) {
  const t = useMessages(messages);
  const actionWords = useActionWords();
  const { user } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  // After a change of the page nothing has the focus: the case begins here. J and K keep it in the list.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus();
  }, []);
  const name = task.customerName ?? t.unnamed;
  useEffect(() => {
    document.title = `${name.slice(0, 80)} · ${t.title} · Throughline`;
  }, [name, t]);
  return (
    <header className={styles.header}>
      <div className={styles.names}>
        <h2 ref={heading} tabIndex={-1} className={styles.name}>
          {task.customerName ? <SenderText text={task.customerName} limit={120} /> : t.unnamed}
        </h2>
        <p className={styles.action}>{actionWords(task.action)}</p>
      </div>
      <div className={styles.marks}>
        <Badge tone={isLate(task) ? 'danger' : task.state === 'acknowledged' ? 'info' : 'neutral'}>
          {t[`state_${task.state}`]}
        </Badge>
        {task.assignee !== null && isOpen(task) && (
          <span>{task.assignee === user.login ? t.heldByMe : t.heldBy({ name: task.assignee })}</span>
        )}
        <Link to="/customers/$ref" params={{ ref: task.customerId }}>
          {t.customerPage}
        </Link>
      </div>
    </header>
  );
}
