import { type Answer, useApi } from '../../api/use-api.ts';
import { Instant } from '../../components/instant.tsx';
import { MessageFrame } from '../../components/message-frame.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';
import styles from './person-panel.module.css';

type Delivery = Answer<'get', '/v1/customers/{ref}/deliveries'>['data'][number];

const LOOKED_AT = 20;
const SHOWN = 4;

/** The messages that have left, the newest open. */
export function SentMessages({ customerId, zone }: { customerId: string; zone: string }) {
  const t = useMessages(messages);
  const params = { path: { ref: customerId }, query: { limit: LOOKED_AT } };
  const deliveries = useApi('get', '/v1/customers/{ref}/deliveries', { params });
  return (
    <QueryState query={deliveries}>
      {({ data }) => {
        const sent = data.filter(({ state }) => state === 'sent').slice(0, SHOWN);
        if (sent.length === 0) return <p className={styles.meta}>{t.noMessage}</p>;
        return (
          <div className={styles.items}>
            {sent.map((delivery, place) => (
              <SentMessage key={delivery.id} delivery={delivery} zone={zone} open={place === 0} />
            ))}
          </div>
        );
      }}
    </QueryState>
  );
}

function SentMessage({ delivery, zone, open }: { delivery: Delivery; zone: string; open: boolean }) {
  const t = useMessages(messages);
  const names = useNames();
  const content = useApi('get', '/v1/deliveries/{id}/content', { params: { path: { id: delivery.id } } });
  return (
    <QueryState query={content}>
      {({ subject, to, html, text }) => (
        <details className={styles.message} open={open}>
          <summary>
            <strong>
              <SenderText text={subject ?? names.action(delivery.action)} plain />
            </strong>{' '}
            <span className={styles.meta}>
              {t.to({ address: to })} · <Instant at={delivery.at} zone={zone} as="time" />
            </span>
          </summary>
          <div className={styles.body}>
            {html === null ? (
              <p dir="auto" className={styles.plain}>
                {text}
              </p>
            ) : (
              <MessageFrame
                html={html}
                title={t.message({ subject: subject ?? names.action(delivery.action) })}
              />
            )}
          </div>
        </details>
      )}
    </QueryState>
  );
}
