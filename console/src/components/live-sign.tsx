import type { LiveState } from '../api/live-connection.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './live-sign.messages.ts';
import styles from './live-sign.module.css';

/** Says whether the page follows what happens. */
export function LiveSign({ state }: { state: LiveState }) {
  const t = useMessages(messages);
  return (
    <span className={styles.sign} data-state={state} role="status">
      <span className={styles.dot} aria-hidden="true" />
      {t[state]}
    </span>
  );
}
