import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { noteAnswer, useUnreachableSince } from '../../api/reachability.ts';
import { Alert } from '../../components/alert.tsx';
import { useFormat, viewerZone } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './reach-banner.module.css';

const RETRY_MS = 2_000;

/** Says since when the API does not answer. It asks by itself, and loads the page's data again as soon as it does. */
export function ReachBanner() {
  const since = useUnreachableSince();
  const t = useMessages(messages);
  const format = useFormat();
  const queries = useQueryClient();
  useEffect(() => {
    if (since === null) return undefined;
    const timer = setInterval(async () => {
      const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => null);
      if (!answer?.ok) return;
      noteAnswer();
      await queries.invalidateQueries();
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, [since, queries]);
  return (
    <div role="status" className={styles.place}>
      {since !== null && (
        <div className={styles.banner}>
          <Alert
            tone="warning"
            title={t.unreachable({ time: format.time(new Date(since).toISOString(), viewerZone) })}
          >
            {t.unreachableText}
          </Alert>
        </div>
      )}
    </div>
  );
}
