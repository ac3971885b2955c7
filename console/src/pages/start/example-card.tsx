import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './example-card.module.css';
import { messages } from './messages.ts';
import { PersonPanel } from './person-panel.tsx';
import { PERSONS, type Person, refOf } from './persons.ts';

const STEPS = [
  { step: 'order', person: 'helen' },
  { step: 'ticket', person: 'helen' },
  { step: 'close', person: 'helen' },
  { step: 'payment', person: 'ada' },
] as const;

type Step = (typeof STEPS)[number]['step'];

/** Sends what a coffee shop would send, step by step, and shows what comes of it. */
export function ExampleCard() {
  const t = useMessages(messages);
  const [person, setPerson] = useState<Person>('helen');
  const send = useSend('post', '/v1/start/example');
  const helen = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: refOf('helen') } } });
  const hasTicket = (helen.data?.openTickets.length ?? 0) > 0;
  /** One thing after the other: a ticket needs an order, and its close a ticket. */
  const next: Record<Step, boolean> = {
    order: true,
    ticket: helen.data !== undefined && !hasTicket,
    close: hasTicket,
    payment: true,
  };
  const press = (step: Step, about: Person) => {
    setPerson(about);
    send.mutate({ body: { step } });
  };
  const suggested: Step = !helen.data ? 'order' : hasTicket ? 'close' : 'ticket';
  return (
    <Card title={t.example} note={t.exampleNote}>
      <ol className={styles.steps} aria-label={t.exampleSteps}>
        {STEPS.map(({ step, person: about }) => (
          <li key={step} className={styles.step}>
            <div className={styles.words}>
              <p className={styles.what}>{t[`step_${step}`]}</p>
              <p className={styles.after}>{t[`after_${step}`]}</p>
            </div>
            <Button
              kind={step === suggested ? 'primary' : 'secondary'}
              size="sm"
              disabled={!next[step] || send.isPending}
              busy={send.isPending && send.variables?.body?.step === step}
              onClick={() => press(step, about)}
            >
              {t[`send_${step}`]}
            </Button>
          </li>
        ))}
      </ol>
      <p role="status" className="visually-hidden">
        {send.data ? t.sent({ event: send.data.call.event }) : ''}
      </p>
      {send.error && <ErrorState problem={send.error} retry={() => send.reset()} />}
      <section className={styles.watch} aria-label={t.watch}>
        <header className={styles.head}>
          <h3>{t.watch}</h3>
          <fieldset className={styles.persons} aria-label={t.watched}>
            {PERSONS.map((one) => (
              <Button
                key={one}
                size="sm"
                kind={one === person ? 'secondary' : 'quiet'}
                aria-pressed={one === person}
                onClick={() => setPerson(one)}
              >
                {t[one]}
              </Button>
            ))}
          </fieldset>
        </header>
        <PersonPanel key={person} person={person} />
      </section>
    </Card>
  );
}
