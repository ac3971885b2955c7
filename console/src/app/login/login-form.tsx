import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asProblem } from '../../api/problem.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useSessionAccess } from '../session.tsx';
import { logIn } from '../session-calls.ts';
import { describeRefusal } from './describe-refusal.ts';
import styles from './login.module.css';
import { messages } from './messages.ts';
import { stayInWorkspace } from './stay-in-workspace.ts';

/** Login and password. */
export function LoginForm() {
  const t = useMessages(messages);
  const { state, open } = useSessionAccess();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: async () => stayInWorkspace(await logIn(login, password), state),
    onSuccess: open,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label={t.login}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <TextInput
        label={t.password}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {send.error && (
        <Alert tone="danger" live>
          {describeRefusal(asProblem(send.error), t)}
        </Alert>
      )}
      <Button type="submit" kind="primary" busy={send.isPending}>
        {t.logIn}
      </Button>
    </form>
  );
}
