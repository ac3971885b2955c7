import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { GoTo } from '../../app/go-to.tsx';
import { useSessionAccess } from '../../app/session.tsx';
import { fetchLoginOptions } from '../../app/session-calls.ts';
import { Alert } from '../../components/alert.tsx';
import { Card } from '../../components/card.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import icon from '../../styles/icon.svg';
import { LoginForm } from './login-form.tsx';
import styles from './login-page.module.css';
import { messages } from './messages.ts';
import { OneClick } from './one-click.tsx';
import { readNext } from './read-next.ts';

const route = getRouteApi('/login');

/** Asks who this is, then leads to where the user wanted to be. */
export function LoginPage() {
  const t = useMessages(messages);
  const { next } = route.useSearch();
  const { state } = useSessionAccess();
  const queries = useQueryClient();
  const options = useQuery({ queryKey: ['login options'], queryFn: fetchLoginOptions, retry: false });
  const isExpired = state.kind === 'none' && state.expired;
  // Nothing that the user before has seen may stay.
  useEffect(() => {
    if (state.kind === 'none')
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'login options' });
  }, [state.kind, queries]);
  if (state.kind === 'open') return <GoTo {...readNext(next)} />;
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <img src={icon} alt="" width="40" height="40" />
        <PageHeader title={t.title} lead={isExpired ? undefined : t.lead} />
        {isExpired && <Alert>{t.expired}</Alert>}
        {options.data?.oneClick && <OneClick />}
        <Card>
          <LoginForm />
        </Card>
        <p className={styles.note}>{t.noUser}</p>
      </div>
    </main>
  );
}
