import { Link } from '@tanstack/react-router';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Instant } from '../../components/instant.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { toWords } from '../../format/to-words.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useActionWords } from '../../names/use-action-words.ts';
import styles from './case-cards.module.css';
import { messages } from './messages.ts';
import type { Case } from './read-case.ts';
import { isSnoozed, type Task } from './task.ts';

/** What the action suggests to say and to do. */
export function ScriptCard({ task }: { task: Task }) {
  const t = useMessages(messages);
  return (
    <Card title={t.script}>
      <p className={task.script === null ? styles.none : styles.script}>{task.script ?? t.noScript}</p>
    </Card>
  );
}

/** Why the task was raised, until when it has to be done, and where it goes if it is not. */
export function WhyCard({ task, zone }: { task: Task; zone: string | undefined }) {
  const t = useMessages(messages);
  const actionWords = useActionWords();
  const { escalation, snoozedUntil } = task;
  return (
    <Card title={t.why}>
      <div className={styles.stack}>
        <p>{t.whyText({ action: actionWords(task.action) })}</p>
        <div className={styles.badges}>
          {task.reasons.map((reason) => (
            <Badge key={reason} tone="info">
              {toWords(reason)}
            </Badge>
          ))}
        </div>
        <KeyValue
          items={[
            { key: 'queue', label: t.queue, value: task.queue },
            { key: 'raised', label: t.raised, value: <Instant at={task.createdAt} zone={zone} /> },
            {
              key: 'ack',
              label: t.acknowledgeBy,
              value: <Instant at={task.acknowledgeBy} zone={zone} />,
            },
            { key: 'resolve', label: t.resolveBy, value: <Instant at={task.resolveBy} zone={zone} /> },
            ...(snoozedUntil !== null && isSnoozed(task)
              ? [{ key: 'snoozed', label: t.snoozedUntil, value: <Instant at={snoozedUntil} zone={zone} /> }]
              : []),
            { key: 'next', label: t.escalatesTo, value: escalation.next ?? t.lastQueue },
          ]}
        />
        <Link to="/decisions/$id" params={{ id: task.decisionId }}>
          {t.decision}
        </Link>
      </div>
    </Card>
  );
}

/** Tickets that were open when the task was raised. */
export function TicketsCard({ tickets, zone }: { tickets: Case['tickets']; zone: string | undefined }) {
  const t = useMessages(messages);
  return (
    <Card title={t.tickets}>
      {tickets.length === 0 ? (
        <p className={styles.none}>{t.noTickets}</p>
      ) : (
        <ul className={styles.items}>
          {tickets.map((ticket) => (
            <li key={ticket.id}>
              <span className={styles.line}>
                <SenderText text={ticket.subject || ticket.id} />
                <Badge tone={ticket.severity === 'high' ? 'danger' : 'neutral'}>{ticket.severity}</Badge>
              </span>
              {ticket.since !== null && (
                <span className={styles.small}>
                  <SenderText text={ticket.id} limit={40} plain /> · <Instant at={ticket.since} zone={zone} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
