import { useState } from 'react';
import type { Answer } from '../../api/use-api.ts';
import { useApiPages, useSend } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Instant } from '../../components/instant.tsx';
import { Pager } from '../../components/pager.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { RejectedFilters } from './events-section.tsx';
import { messages } from './messages.ts';
import styles from './rejected-list.module.css';

type Rejected = Answer<'get', '/v1/rejected'>['data'][number];
type Result = Answer<'post', '/v1/rejected/{id}/retry'>;

const EVERY_MS = 5_000;

/** Rejected events, the newest first, each with its reason, its body, and a button to read it again. */
export function RejectedList({ filters: { code, source } }: { filters: RejectedFilters }) {
  const t = useMessages(messages);
  const [result, setResult] = useState<Result | null>(null);
  const query = { ...(code ? { code } : {}), ...(source ? { source } : {}), limit: 20 };
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useApiPages(
    '/v1/rejected',
    { params: { query } },
    { refetchInterval: EVERY_MS },
  );
  if (error && (!data || !error.isTemporary))
    return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const rows = data.pages.flatMap((page) => page.data);
  return (
    <>
      <div aria-live="polite">{result && <Retried result={result} />}</div>
      {rows.length === 0 ? (
        <p className={styles.none}>{t.noRejected}</p>
      ) : (
        <ul className={styles.list}>
          {rows.map((row) => (
            <Row key={row.id} row={row} onRetried={setResult} />
          ))}
        </ul>
      )}
      <Pager
        shown={rows.length}
        hasMore={hasNextPage}
        busy={isFetchingNextPage}
        onMore={() => void fetchNextPage()}
      />
    </>
  );
}

function Row({ row, onRetried }: { row: Rejected; onRetried(result: Result): void }) {
  const t = useMessages(messages);
  const mayOperate = useCan('operate');
  const [isOpen, setOpen] = useState(false);
  const retry = useSend('post', '/v1/rejected/{id}/retry');
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <Badge tone="warning">{row.code}</Badge>
        <span className={styles.small}>
          <SenderText text={row.source} limit={60} plain /> · <Instant at={row.at} />
        </span>
      </div>
      <p className={styles.reason}>
        <SenderText text={row.reason} limit={300} />
      </p>
      {row.messageId !== null && (
        <p className={styles.small}>
          {t.message}: <SenderText text={row.messageId} limit={80} plain />
        </p>
      )}
      <div className={styles.actions}>
        <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t.hide : t.body}
        </Button>
        {mayOperate && row.retryable && (
          <Button
            size="sm"
            busy={retry.isPending}
            onClick={() => retry.mutate({ params: { path: { id: row.id } } }, { onSuccess: onRetried })}
          >
            {t.retry}
          </Button>
        )}
        {!row.retryable && <span className={styles.small}>{t.notRetryable}</span>}
      </div>
      {retry.error && <ErrorState problem={retry.error} />}
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it
        <section tabIndex={0} aria-label={t.body} className={styles.body}>
          <pre dir="auto">{format(row.body)}</pre>
        </section>
      )}
    </li>
  );
}

/** JSON is indented. What is no JSON is shown as it came. */
function format(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function Retried({ result: { status, reason } }: { result: Result }) {
  const t = useMessages(messages);
  const text = status === 'rejected' ? t.retried_rejected({ reason: reason ?? '' }) : t[`retried_${status}`];
  return <Alert tone={status === 'rejected' ? 'warning' : 'success'}>{text}</Alert>;
}
