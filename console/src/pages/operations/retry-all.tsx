import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { RejectedFilters } from './events-section.tsx';
import { messages } from './messages.ts';
import styles from './operations.module.css';

/** Reads the listed events again, after a mapping or a program was mended. */
export function RetryAll({ filters: { code, source } }: { filters: RejectedFilters }) {
  const t = useMessages(messages);
  const mayOperate = useCan('operate');
  const [isAsking, setAsking] = useState(false);
  const retry = useSend('post', '/v1/rejected/retry');
  if (!mayOperate) return null;
  // A second press continues where the first one ended.
  const after = retry.data?.next;
  const body = { ...(code ? { code } : {}), ...(source ? { source } : {}), ...(after ? { after } : {}) };
  return (
    <div className={styles.row}>
      {retry.data && (
        <Alert tone={retry.data.rejected > 0 ? 'warning' : 'success'} live>
          {t.retried(retry.data)} {retry.data.next !== null && t.retriedMore}
        </Alert>
      )}
      <Button size="sm" onClick={() => setAsking(true)}>
        {t.retryAll}
      </Button>
      {isAsking && (
        <ConfirmDialog
          open
          onClose={() => setAsking(false)}
          title={t.retryTitle}
          description={t.retryText}
          confirm={t.retry}
          busy={retry.isPending}
          problem={retry.error}
          onConfirm={() => retry.mutate({ body }, { onSuccess: () => setAsking(false) })}
        />
      )}
    </div>
  );
}
