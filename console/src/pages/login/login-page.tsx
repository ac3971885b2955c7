import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { GoTo } from '../../app/go-to.tsx';
import { LoginForm } from '../../app/login/login-form.tsx';
import { messages } from '../../app/login/messages.ts';
import { OneClick } from '../../app/login/one-click.tsx';
import { LOGIN_OPTIONS, useLoginOptions } from '../../app/login/use-login-options.ts';
import { useSessionAccess } from '../../app/session.tsx';
import { Card } from '../../components/card.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import icon from '../../styles/icon.svg';
import styles from './login-page.module.css';
import { readNext } from './read-next.ts';

const route = getRouteApi('/login');

/** Asks who this is, then leads to where the user wanted to be. */
export function LoginPage() {
  const t = useMessages(messages);
  const { next } = route.useSearch();
  const { state } = useSessionAccess();
  const queries = useQueryClient();
  const options = useLoginOptions();
  // Nothing that the user before has seen may stay.
  useEffect(() => {
    if (state.kind === 'none')
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== LOGIN_OPTIONS });
  }, [state.kind, queries]);
  if (state.kind === 'open') return <GoTo {...readNext(next)} />;
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <img src={icon} alt="" width="40" height="40" />
        <PageHeader title={t.title} lead={t.lead} />
        {options.data?.oneClick && <OneClick />}
        <Card>
          <LoginForm />
        </Card>
        <p className={styles.note}>{t.noUser}</p>
      </div>
    </main>
  );
}
