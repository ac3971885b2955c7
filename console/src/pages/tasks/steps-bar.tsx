import { BellOff, Check, ChevronsUp, CornerUpLeft, Ellipsis, Hand, X } from 'lucide-react';
import { useEffect } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useCan, useSession } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Menu } from '../../components/menu.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { Kbd } from './kbd.tsx';
import { messages } from './messages.ts';
import { StepDialogs } from './step-dialogs.tsx';
import { STEP_KEYS, type StepKind } from './steps.ts';
import styles from './steps-bar.module.css';
import { isOpen, isSnoozed, type Task } from './task.ts';

interface Props {
  task: Task;
  /** The step that was asked for, by a key or a button: its dialog is open. */
  step: StepKind | null;
  setStep(step: StepKind | null): void;
}

/** What an agent can do with the task now, with the keys for it. */
export function Steps({ task, step, setStep }: Props) {
  const t = useMessages(messages);
  const mayAct = useCan('act', 'claimTask');
  const { user } = useSession();
  const claim = useSend('post', '/v1/tasks/{id}/claim');
  const possible = listSteps(task, user.login);
  const send = () => {
    if (claim.isPending) return;
    claim.mutate({ params: { path: { id: task.id } }, body: { assignee: user.login } });
  };
  // A key may ask for what is not possible now: then it does nothing.
  useEffect(() => {
    if (step === null) return;
    if (!mayAct || !possible.includes(step)) setStep(null);
    else if (step === 'claim') {
      setStep(null);
      send();
    }
  });
  if (!mayAct) return <p className={styles.hint}>{t.noRights}</p>;
  if (possible.length === 0) return null;
  const can = (kind: StepKind) => possible.includes(kind);
  return (
    <>
      <div className={styles.bar}>
        {can('claim') && <Step kind="claim" primary icon={<Hand />} busy={claim.isPending} onClick={send} />}
        {can('resolve') && (
          <Step kind="resolve" primary={!can('claim')} icon={<Check />} onClick={() => setStep('resolve')} />
        )}
        {can('escalate') && (
          <Step kind="escalate" icon={<ChevronsUp />} onClick={() => setStep('escalate')} />
        )}
        {can('snooze') && <Step kind="snooze" icon={<BellOff />} onClick={() => setStep('snooze')} />}
        <Menu
          trigger={
            <IconButton kind="secondary" label={t.more}>
              <Ellipsis aria-hidden="true" />
            </IconButton>
          }
          groups={[
            {
              items: [
                ...(can('release')
                  ? [{ label: t.release, icon: <CornerUpLeft />, onSelect: () => setStep('release') }]
                  : []),
                { label: t.dismiss, icon: <X />, danger: true, onSelect: () => setStep('dismiss') },
              ],
            },
          ]}
        />
      </div>
      {claim.error && <Refusal error={claim.error} />}
      <StepDialogs task={task} step={step} onClose={() => setStep(null)} />
    </>
  );
}

/** What can be done with the task in its state. */
function listSteps(task: Task, login: string): StepKind[] {
  if (!isOpen(task)) return [];
  const isTheirs = task.state === 'acknowledged' && task.assignee === login;
  return [
    ...(task.state === 'open' || (isTheirs && isSnoozed(task)) ? (['claim'] as const) : []),
    'resolve',
    ...(task.escalation.next === null ? [] : (['escalate'] as const)),
    'snooze',
    ...(task.state === 'acknowledged' ? (['release'] as const) : []),
    'dismiss',
  ];
}

interface StepProps {
  kind: StepKind;
  icon: React.ReactNode;
  primary?: boolean;
  busy?: boolean;
  onClick(): void;
}

function Step({ kind, icon, primary = false, busy = false, onClick }: StepProps) {
  const t = useMessages(messages);
  const key = STEP_KEYS[kind];
  return (
    <Button
      kind={primary ? 'primary' : 'secondary'}
      icon={<span aria-hidden="true">{icon}</span>}
      busy={busy}
      onClick={onClick}
      aria-keyshortcuts={key}
    >
      {t[kind]}
      {key !== undefined && <Kbd label={key} />}
    </Button>
  );
}

/** Another agent was faster, or a gate refuses the claim: one clear line. */
function Refusal({ error }: { error: NonNullable<ReturnType<typeof useSend>['error']> }) {
  const t = useMessages(messages);
  const { assignee } = error.body;
  if (error.code === 'task_state' && typeof assignee === 'string')
    return (
      <Alert tone="warning" live>
        {t.faster({ name: assignee })}
      </Alert>
    );
  if (error.code !== 'claim_refused') return <ErrorState problem={error} />;
  return (
    <Alert tone="warning" title={t.refused} live>
      {error.detail}
    </Alert>
  );
}
