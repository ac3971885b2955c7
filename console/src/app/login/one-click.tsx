import { useMutation } from '@tanstack/react-query';
import { LogIn } from 'lucide-react';
import { asProblem } from '../../api/problem.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useSessionAccess } from '../session.tsx';
import { logInWithOneClick } from '../session-calls.ts';
import { describeRefusal } from './describe-refusal.ts';
import styles from './login.module.css';
import { messages } from './messages.ts';
import { stayInWorkspace } from './stay-in-workspace.ts';

/** On a development machine nobody needs a password. */
export function OneClick() {
  const t = useMessages(messages);
  const { state, open } = useSessionAccess();
  const send = useMutation({
    mutationFn: async () => stayInWorkspace(await logInWithOneClick(), state),
    onSuccess: open,
  });
  return (
    <Card>
      <div className={styles.form}>
        <Button
          kind="primary"
          icon={<LogIn aria-hidden="true" />}
          busy={send.isPending}
          onClick={() => send.mutate()}
        >
          {t.oneClick}
        </Button>
        <p className={styles.note}>{t.oneClickNote}</p>
        {send.error && (
          <Alert tone="danger" live>
            {describeRefusal(asProblem(send.error), t)}
          </Alert>
        )}
      </div>
    </Card>
  );
}
