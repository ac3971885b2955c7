import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect } from 'react';
import { useApiPages } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { classNames } from '../../components/class-names.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Pager } from '../../components/pager.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { toWords } from '../../format/to-words.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useActionWords } from '../../names/use-action-words.ts';
import { type Filters, toQuery } from './filters.ts';
import { focusLeftTask } from './left-task.ts';
import { messages } from './messages.ts';
import { dueAt, isLate, isOpen, isSnoozed, type Task } from './task.ts';
import styles from './task-list.module.css';

/** Changes come by the stream. This is for times that pass, and for when it is away. */
const EVERY_MS = 15_000;

interface Props {
  list: RefObject<HTMLElement | null>;
  filters: Filters;
  login: string;
  chosen: string | null;
}

/** The tasks of a queue, the most urgent first. Each is a link, in the order in which J and K move. */
export function TaskList({ list, filters, login, chosen }: Props) {
  const t = useMessages(messages);
  const query = useApiPages(
    '/v1/tasks',
    { params: { query: toQuery(filters, login) } },
    { refetchInterval: EVERY_MS },
  );
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const hasRows = data !== undefined;
  useEffect(() => {
    if (hasRows && chosen === null && list.current) focusLeftTask(list.current);
  }, [hasRows, chosen, list]);
  if (error && (!data || !error.isTemporary))
    return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const tasks = data.pages.flatMap((page) => page.data);
  const isHeld = filters.view === 'held';
  return (
    <section ref={list} aria-label={t.tasks}>
      <p role="status" className="visually-hidden">
        {t.newTask({ count: tasks.length })}
      </p>
      {tasks.length === 0 ? (
        <Empty title={isHeld ? t.noneHeld : t.none}>{isHeld ? t.noneHeldText : t.noneText}</Empty>
      ) : (
        <>
          <ul className={styles.list}>
            {tasks.map((task) => (
              <Row key={task.id} task={task} filters={filters} login={login} isChosen={task.id === chosen} />
            ))}
          </ul>
          {hasNextPage && (
            <Pager
              shown={tasks.length}
              hasMore
              busy={isFetchingNextPage}
              onMore={() => void fetchNextPage()}
            />
          )}
        </>
      )}
    </section>
  );
}

interface RowProps {
  task: Task;
  filters: Filters;
  login: string;
  isChosen: boolean;
}

function Row({ task, filters, login, isChosen }: RowProps) {
  const t = useMessages(messages);
  const actionWords = useActionWords();
  return (
    <li>
      <Link
        to="/tasks/$id"
        params={{ id: task.id }}
        search={filters}
        data-task={task.id}
        className={classNames(styles.row, isChosen && styles.chosen)}
        aria-current={isChosen ? 'true' : undefined}
      >
        <span className={styles.top}>
          <span className={styles.name}>
            {task.customerName ? <SenderText text={task.customerName} limit={60} plain /> : t.unnamed}
          </span>
          <Due task={task} />
        </span>
        <span className={styles.action}>
          {[actionWords(task.action), ...task.reasons.map(toWords)].join(' · ')}
        </span>
        <span className={styles.marks}>
          <State task={task} login={login} />
          {filters.queue === undefined && <span>{task.queue}</span>}
        </span>
      </Link>
    </li>
  );
}

function Due({ task }: { task: Task }) {
  const t = useMessages(messages);
  const format = useFormat();
  if (!isOpen(task)) return <span className={styles.due}>{format.relative(task.updatedAt)}</span>;
  if (isSnoozed(task) && task.snoozedUntil)
    return <span className={styles.due}>{t.backAt({ when: format.relative(task.snoozedUntil) })}</span>;
  const when = format.relative(dueAt(task));
  if (isLate(task)) return <span className={styles.late}>{t.overdue({ when })}</span>;
  return <span className={styles.due}>{t.due({ when })}</span>;
}

function State({ task, login }: { task: Task; login: string }) {
  const t = useMessages(messages);
  if (task.state === 'acknowledged' && task.assignee !== null)
    return task.assignee === login ? (
      <Badge tone="success">{t.heldByMe}</Badge>
    ) : (
      <Badge tone="info">{t.heldBy({ name: task.assignee })}</Badge>
    );
  if (task.state === 'open') return <Badge tone={isLate(task) ? 'danger' : 'neutral'}>{t.waiting}</Badge>;
  return <Badge>{t[`state_${task.state}`]}</Badge>;
}
