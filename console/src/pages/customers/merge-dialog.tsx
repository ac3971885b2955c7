import { useDeferredValue, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { nameByIdentity, nameCustomer } from '../../customer/name.ts';
import type { Customer } from '../../customer/types.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import type { CommandDialogProps } from './commands.tsx';
import styles from './merge-dialog.module.css';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

/** Merges a customer into another one, after both were shown side by side. */
export function MergeDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const [into, setInto] = useState<string | null>(null);
  const command = useCommand('/v1/customers/{ref}/merge');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.mergeTitle}
      description={t.mergeText}
      confirm={t.mergeDo}
      reason="required"
      ready={into !== null}
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => {
        if (into !== null) command.run(customer.id, reason, { into }, () => onDone(t.mergeDo));
      }}
    >
      {into === null ? (
        <OtherCustomer than={customer.id} onChoose={setInto} />
      ) : (
        <>
          <div className={styles.sides}>
            <Side title={t.mergeThis} customer={customer} />
            <OtherSide id={into} />
          </div>
          <div>
            <Button size="sm" onClick={() => setInto(null)}>
              {t.mergeChange}
            </Button>
          </div>
        </>
      )}
    </ConfirmDialog>
  );
}

/** Finds the customer who remains. */
function OtherCustomer({ than, onChoose }: { than: string; onChoose(id: string): void }) {
  const t = useMessages(messages);
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const found = useApi(
    'get',
    '/v1/customers',
    { params: { query: { q, limit: 6 } } },
    { enabled: q !== '', keepPrevious: true },
  );
  return (
    <>
      <TextInput
        label={t.mergeSearch}
        type="search"
        autoComplete="off"
        placeholder={t.placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {q !== '' && (
        <QueryState query={found}>
          {({ data }) => {
            const others = data.filter(({ id }) => id !== than);
            if (others.length === 0) return <p className={styles.muted}>{t.mergeNone}</p>;
            return (
              <ul className={styles.found}>
                {others.map(({ id, name, identities }) => (
                  <li key={id}>
                    <span className={styles.name}>
                      <SenderText plain text={name ?? nameByIdentity(identities, id)} limit={60} />
                      <span className={styles.muted}>{id}</span>
                    </span>
                    <Button size="sm" onClick={() => onChoose(id)}>
                      {t.mergeChoose}
                    </Button>
                  </li>
                ))}
              </ul>
            );
          }}
        </QueryState>
      )}
    </>
  );
}

function OtherSide({ id }: { id: string }) {
  const t = useMessages(messages);
  const other = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: id } } });
  return (
    <QueryState query={other}>{(customer) => <Side title={t.mergeInto} customer={customer} />}</QueryState>
  );
}

function Side({ title, customer }: { title: string; customer: Customer }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  const { id, identities, eventSeq, openTickets, enrollments } = customer;
  return (
    <section className={styles.side}>
      <h3>{title}</h3>
      <p>
        <strong>
          <SenderText plain text={nameCustomer(customer)} limit={80} />
        </strong>
      </p>
      <p className={styles.muted}>{id}</p>
      {identities.slice(0, 4).map(({ type, value }) => (
        <p key={`${type} ${value}`}>
          <SenderText plain text={value} limit={60} />
        </p>
      ))}
      <p className={styles.muted}>{t.events_count({ count: format.number(eventSeq, 0) })}</p>
      {openTickets.length > 0 && (
        <p className={styles.muted}>{t.openTickets({ count: openTickets.length })}</p>
      )}
      {enrollments.length > 0 && (
        <p className={styles.muted}>
          {t.journeys}: {enrollments.map(({ journey }) => names.journey(journey)).join(', ')}
        </p>
      )}
    </section>
  );
}
