import { useRouterState } from '@tanstack/react-router';
import { Fragment } from 'react';
import { ErrorState } from '../components/error-state.tsx';
import { Spinner } from '../components/spinner.tsx';
import { useMessages } from '../i18n/messages.ts';
import { GoTo } from './go-to.tsx';
import { SessionEnded } from './login/session-ended.tsx';
import { messages } from './messages.ts';
import { useSessionAccess, viewOf } from './session.tsx';
import styles from './session-gate.module.css';
import { Shell } from './shell/shell.tsx';

/** Shows the pages to users with a session; leads all others to the login, which leads back here. */
export function SessionGate() {
  const { state, reload } = useSessionAccess();
  const here = useRouterState({ select: ({ location }) => location.href });
  const t = useMessages(messages);
  switch (state.kind) {
    case 'open':
    case 'ended':
      return (
        <Fragment key={viewOf(state.session)}>
          <Shell />
          {state.kind === 'ended' && <SessionEnded />}
        </Fragment>
      );
    case 'none':
      return <GoTo to="/login" search={here === '/' ? {} : { next: here }} />;
    case 'failed':
      return (
        <main className={styles.center}>
          <ErrorState problem={state.problem} retry={() => void reload()} />
        </main>
      );
    case 'loading':
      return (
        <main className={styles.center}>
          <Spinner label={t.loading} />
        </main>
      );
  }
}
