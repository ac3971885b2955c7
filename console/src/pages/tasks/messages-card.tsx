import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Instant } from '../../components/instant.tsx';
import { MessageFrame } from '../../components/message-frame.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useStateName } from '../../customer/state-name.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useActionWords } from '../../names/use-action-words.ts';
import styles from './case-cards.module.css';
import { messages } from './messages.ts';

const SHOWN = 8;

/** The last messages to the customer, each as it was sent. */
export function MessagesCard({ customerId, zone }: { customerId: string; zone: string | undefined }) {
  const t = useMessages(messages);
  const actionWords = useActionWords();
  const stateName = useStateName();
  const [shown, setShown] = useState<string | null>(null);
  const query = useApi('get', '/v1/customers/{ref}/deliveries', {
    params: { path: { ref: customerId }, query: { limit: SHOWN } },
  });
  return (
    <Card title={t.messages}>
      <QueryState query={query} loading={<Skeleton lines={4} />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className={styles.none}>{t.noMessages}</p>
          ) : (
            <ul className={styles.items}>
              {data.map((delivery) => (
                <li key={delivery.id}>
                  <span className={styles.line}>
                    <span>
                      {actionWords(delivery.action)} · {delivery.channel}
                    </span>
                    <Badge tone={delivery.state === 'sent' ? 'success' : 'neutral'}>
                      {stateName(delivery.receipts?.stage ?? delivery.state)}
                    </Badge>
                  </span>
                  <span className={styles.line}>
                    <span className={styles.small}>
                      <Instant at={delivery.at} zone={zone} />
                    </span>
                    {delivery.state === 'sent' && (
                      <Button size="sm" kind="quiet" onClick={() => setShown(delivery.id)}>
                        {t.show}
                        <span className="visually-hidden">: {t.showMessage}</span>
                      </Button>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
      {shown !== null && <Message id={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

/** One message as it was sent. */
function Message({ id, onClose }: { id: string; onClose(): void }) {
  const t = useMessages(messages);
  const { data, error } = useApi('get', '/v1/deliveries/{id}/content', { params: { path: { id } } });
  const subject = data?.subject ?? t.messages;
  return (
    <Dialog open onClose={onClose} title={subject} shape="wide">
      {error && (error.status === 404 ? <p>{t.noContent}</p> : <ErrorState problem={error} />)}
      {!data && !error && <Skeleton lines={8} />}
      {data &&
        (data.html === null ? (
          <pre className={styles.text}>{data.text}</pre>
        ) : (
          <MessageFrame html={data.html} title={t.messageOf({ subject })} />
        ))}
    </Dialog>
  );
}
