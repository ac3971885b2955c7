import { useNavigate, useSearch } from '@tanstack/react-router';
import { Keyboard } from 'lucide-react';
import { useRef, useState } from 'react';
import { useLive } from '../../api/use-live.ts';
import { useSession } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Empty } from '../../components/empty.tsx';
import { LiveSign } from '../../components/live-sign.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { CasePane } from './case-pane.tsx';
import styles from './desk.module.css';
import { HelpDialog } from './help-dialog.tsx';
import { Kbd } from './kbd.tsx';
import { messages } from './messages.ts';
import { Queues } from './queues.tsx';
import type { StepKind } from './steps.ts';
import { TaskList } from './task-list.tsx';
import { useDeskKeys } from './use-desk-keys.ts';

/** What a change of a task changes on this page. */
const CHANGING = ['/v1/tasks', '/v1/task-queues', '/v1/tasks/{id}'];

/** Queues, the tasks of one of them, and the chosen case. A narrow screen shows one of the two. */
export function Desk({ taskId }: { taskId: string | null }) {
  const t = useMessages(messages);
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { user } = useSession();
  const list = useRef<HTMLElement>(null);
  const live = useLive({ topics: ['tasks'] }, CHANGING);
  const [help, setHelp] = useState(false);
  const [step, setStep] = useState<StepKind | null>(null);
  const filters = { queue: search.queue, view: search.view, customer: search.customer };
  const open = (id: string) => void navigate({ to: '/tasks/$id', params: { id }, search: filters });
  useDeskKeys({
    list,
    taskId,
    open,
    onHelp: () => setHelp(true),
    onStep: setStep,
    onBack: () => void navigate({ to: '/tasks', search: filters }),
  });
  return (
    <>
      <div className={classNames(taskId !== null && styles.wideOnly)}>
        <PageHeader
          title={t.title}
          lead={t.lead}
          actions={
            <>
              <LiveSign state={live} />
              <Button size="sm" icon={<Keyboard aria-hidden="true" />} onClick={() => setHelp(true)}>
                {t.keys} <Kbd label="?" />
              </Button>
            </>
          }
        />
      </div>
      <div className={classNames(styles.desk, taskId !== null && styles.withCase)}>
        <aside className={styles.side} aria-label={t.tasks}>
          <Queues filters={filters} login={user.login} />
          <TaskList list={list} filters={filters} login={user.login} chosen={taskId} />
        </aside>
        <div className={styles.case}>
          {taskId === null ? (
            <Empty title={t.choose}>{t.chooseText}</Empty>
          ) : (
            <CasePane key={taskId} id={taskId} filters={filters} step={step} setStep={setStep} />
          )}
        </div>
      </div>
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </>
  );
}
