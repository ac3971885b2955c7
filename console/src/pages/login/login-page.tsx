import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { asProblem } from '../../api/problem.ts';
import { useSessionAccess } from '../../app/session.tsx';
import { logIn } from '../../app/session-calls.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './login-page.module.css';
import { messages } from './messages.ts';

const route = getRouteApi('/login');

/** Asks for login and password, then leads to where the user wanted to be. */
export function LoginPage() {
  const t = useMessages(messages);
  const { next } = route.useSearch();
  const { state, open } = useSessionAccess();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({ mutationFn: () => logIn(login, password), onSuccess: open });
  if (state.kind === 'open') return <Navigate to={readNext(next)} replace />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <main className={styles.page}>
      <PageHeader title={t.title} />
      <Card>
        <form className={styles.form} onSubmit={submit}>
          {state.kind === 'none' && state.expired && <Alert tone="info">{t.expired}</Alert>}
          <TextInput
            label={t.login}
            autoComplete="username"
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
              {asProblem(send.error).detail}
            </Alert>
          )}
          <Button type="submit" kind="primary" busy={send.isPending}>
            {t.logIn}
          </Button>
        </form>
      </Card>
    </main>
  );
}

/** A page of this console: never another site, whatever the link says. */
const readNext = (next: string | undefined) => (next && /^\/(?![/\\])/.test(next) ? next : '/');
