import type { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Copy } from '../../components/copy.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { toWords } from '../../format/to-words.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import styles from './case-cards.module.css';
import { customerMessages } from './customer.messages.ts';
import { messages } from './messages.ts';

type Query = ReturnType<typeof useApi<'/v1/customers/{ref}'>>;

/** Who the customer is now: how to reach them, what they are worth, and what they allow. */
export function CustomerCard({ query }: { query: Query }) {
  const t = useMessages(messages);
  const c = useMessages(customerMessages);
  const format = useFormat();
  return (
    <Card title={c.title}>
      <QueryState query={query}>
        {(customer) => (
          <div className={styles.stack}>
            {customer.suppressed.classes.includes('marketing') && <Alert>{t.silent}</Alert>}
            <KeyValue
              items={[
                ...contacts(customer.traits).map(([name, text]) => ({
                  key: name,
                  label: c[name],
                  value: (
                    <>
                      <SenderText text={text} limit={60} /> <Copy text={text} what={c[name]} />
                    </>
                  ),
                })),
                { key: 'value', label: t.value, value: <Value customer={customer} /> },
                ...(customer.stage
                  ? [{ key: 'stage', label: t.stage, value: toWords(customer.stage.id) }]
                  : []),
                {
                  key: 'language',
                  label: c.language,
                  value: customer.locale === null ? '–' : format.language(customer.locale),
                },
                { key: 'zone', label: c.zone, value: customer.timezone },
              ]}
            />
            <div>
              <h3>{t.consent}</h3>
              <Consents consents={customer.consents} />
            </div>
          </div>
        )}
      </QueryState>
    </Card>
  );
}

type Customer = NonNullable<Query['data']>;

/** How to reach them, as senders have said it. */
function contacts(traits: Customer['traits']): ['email' | 'phone', string][] {
  return (['email', 'phone'] as const).flatMap((name) => {
    const value = traits[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  }) as ['email' | 'phone', string][];
}

function Value({ customer }: { customer: Customer }) {
  const t = useMessages(messages);
  const format = useFormat();
  const thermometer = customer.valueThermometer;
  if (!thermometer) return <span className={styles.none}>{t.noValue}</span>;
  return <span>{t.valueOf({ value: format.number(thermometer.value, 0) })}</span>;
}

function Consents({ consents }: { consents: Customer['consents'] }) {
  const t = useMessages(messages);
  if (consents.length === 0) return <p className={styles.none}>{t.consentNone}</p>;
  return (
    <ul className={styles.items}>
      {consents.map(({ purpose, channel, topic, status }) => (
        <li key={`${purpose}/${channel}/${topic}`}>
          <span className={styles.line}>
            <span>
              {toWords(purpose)} · {channel === '*' ? t.anyChannel : channel} ·{' '}
              {topic === '*' ? t.anyTopic : topic}
            </span>
            <Badge tone={status === 'granted' ? 'success' : 'danger'}>
              {status === 'granted' ? t.granted : t.withdrawnConsent}
            </Badge>
          </span>
        </li>
      ))}
    </ul>
  );
}
