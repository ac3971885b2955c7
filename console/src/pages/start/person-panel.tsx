import { ArrowRight } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { Happenings } from './happenings.tsx';
import { messages } from './messages.ts';
import styles from './person-panel.module.css';
import { type Person, refOf } from './persons.ts';
import { SentMessages } from './sent-messages.tsx';
import { Silence } from './silence.tsx';

/** What happens to a customer of the example: silence, each step in words, and the messages as they were sent. */
export function PersonPanel({ person }: { person: Person }) {
  const t = useMessages(messages);
  const name = t[person];
  const customer = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: refOf(person) } } });
  if (customer.error?.status === 404) return <Empty title={t.nobodyYet({ name })}>{t.nobodyYetText}</Empty>;
  return (
    <QueryState query={customer}>
      {({ id, suppressed, timezone }) => (
        <div className={styles.panel}>
          <Silence suppression={suppressed} zone={timezone} />
          <ButtonLink to="/customers/$ref" params={{ ref: id }} icon={<ArrowRight aria-hidden="true" />}>
            {t.toCustomer({ name })}
          </ButtonLink>
          <div className={styles.parts}>
            <section aria-label={t.steps} className={styles.part}>
              <h4>{t.steps}</h4>
              <p className={styles.zone}>{t.zoneNote({ name, zone: timezone })}</p>
              <Happenings customerId={id} zone={timezone} />
            </section>
            <section aria-label={t.messagesSent} className={styles.part}>
              <h4>{t.messagesSent}</h4>
              <SentMessages customerId={id} zone={timezone} />
            </section>
          </div>
        </div>
      )}
    </QueryState>
  );
}
