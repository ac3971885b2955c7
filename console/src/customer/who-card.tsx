import { Card } from '../components/card.tsx';
import { Instant } from '../components/instant.tsx';
import { KeyValue } from '../components/key-value.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import type { Customer } from './types.ts';
import styles from './who-card.module.css';

/** Identities that are shown: a customer may have hundreds of devices. */
const SHOWN = 6;

/** Who the customer is: identities, zone, language, stage, segments, account. */
export function WhoCard({ customer }: { customer: Customer }) {
  const t = useMessages(messages);
  const format = useFormat();
  const { timezone, stage, segments, personalisation } = customer;
  const identities = withAddresses(customer);
  const items = [
    {
      key: 'identities',
      label: t.identities,
      value: (
        <ul className={styles.identities}>
          {identities.slice(0, SHOWN).map(({ type, value }) => (
            <li key={`${type} ${value}`}>
              <span className={styles.type}>{t[`type_${type}`]}</span> <SenderText text={value} limit={120} />
            </li>
          ))}
          {identities.length > SHOWN && (
            <li className={styles.type}>{t.more({ count: identities.length - SHOWN })}</li>
          )}
        </ul>
      ),
    },
    { key: 'zone', label: t.zone, value: timezone },
    {
      key: 'language',
      label: t.language,
      value: customer.locale === null ? t.unknown : format.language(customer.locale),
    },
    {
      key: 'stage',
      label: t.stage,
      value: stage ? (
        <>
          {stage.id}
          <span className={styles.type}>
            {stage.owner && <> · {t.stageSince({ owner: stage.owner })}</>} ·{' '}
            <Instant at={stage.since} zone={timezone} as="date" />
          </span>
        </>
      ) : (
        t.none
      ),
    },
    {
      key: 'segments',
      label: t.segments,
      value:
        segments.length === 0
          ? t.none
          : new Intl.ListFormat(format.locale).format(segments.map(({ id }) => id)),
    },
    ...(customer.account
      ? [
          {
            key: 'account',
            label: t.account,
            value: <SenderText text={customer.account.name ?? customer.account.id} />,
          },
        ]
      : []),
    {
      key: 'personalisation',
      label: t.personalisation,
      value: t.personalisationLevel({ level: personalisation.level, own: personalisation.chosenByCustomer }),
    },
  ];
  return (
    <Card title={t.who}>
      <KeyValue items={items} />
    </Card>
  );
}

/** The identities, and the addresses that senders have stated without identifying the customer by them. */
function withAddresses({ identities, traits }: Customer): Customer['identities'] {
  const stated = (['email', 'phone'] as const).flatMap((type) => {
    const value = traits[type];
    const isKnown = identities.some((identity) => identity.type === type);
    return typeof value === 'string' && value !== '' && !isKnown ? [{ type, value }] : [];
  });
  return [...stated, ...identities];
}
