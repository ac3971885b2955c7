import { Route } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/empty.tsx';
import { Instant } from '../components/instant.tsx';
import { KeyValue } from '../components/key-value.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { useNames } from '../names/use-names.ts';
import styles from './journeys-card.module.css';
import { messages } from './messages.ts';
import { findNext, listEvents } from './next.ts';
import type { Customer, Enrollment } from './types.ts';

const TONES: Record<Enrollment['state'], Tone> = {
  running: 'info',
  waiting: 'neutral',
  held: 'warning',
  delivering: 'info',
  tasked: 'info',
  poison: 'danger',
  control: 'neutral',
};

interface Props {
  customer: Customer;
  /** Links and buttons of one enrollment. */
  actions?: (enrollment: Enrollment) => ReactNode;
  /** The journey as a graph, with the step marked. */
  graph?: (enrollment: Enrollment) => ReactNode;
}

/** Where the customer is in each journey, and what moves them on. */
export function JourneysCard({ customer, actions, graph }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const { enrollments, timezone } = customer;
  return (
    <Card title={t.journeys}>
      {enrollments.length === 0 ? (
        <Empty title={t.noJourneys} icon={<Route />}>
          {t.noJourneysText}
        </Empty>
      ) : (
        <ul className={styles.list}>
          {enrollments.map((enrollment) => (
            <li key={enrollment.id} className={styles.journey}>
              <div className={styles.head}>
                <h3>{names.journey(enrollment.journey)}</h3>
                <Badge tone={TONES[enrollment.state]}>{t[`state_${enrollment.state}`]}</Badge>
                {actions?.(enrollment)}
              </div>
              <EnrollmentFacts enrollment={enrollment} zone={timezone} />
              {graph && <div className={styles.graph}>{graph(enrollment)}</div>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function EnrollmentFacts({ enrollment, zone }: { enrollment: Enrollment; zone: string }) {
  const t = useMessages(messages);
  const { locale } = useFormat();
  const { key, step, state, since, enteredAt, goalAt, version, pinned, reason, wakers } = enrollment;
  const next = findNext(enrollment);
  const events = listEvents(enrollment);
  const end = wakers
    .flatMap((waker) => ('at' in waker && waker.reason === 'exit' ? [waker.at] : []))
    .sort()[0];
  const list = new Intl.ListFormat(locale, { type: 'disjunction' }).format(events);
  const movesOn = (
    <>
      {next && <Instant at={next} zone={zone} />}
      {next && list && '. '}
      {list && <SenderText plain text={next ? t.orOn({ events: list }) : t.on({ events: list })} />}
      {!next && !list && t.onCondition}
    </>
  );
  const items = [
    ...(key === null
      ? []
      : [{ key: 'key', label: t.key, value: <SenderText plain text={key} limit={80} /> }]),
    {
      key: 'step',
      label: t.atStep,
      value: (
        <>
          <strong>{step}</strong>, <Instant at={since} zone={zone} />
        </>
      ),
    },
    ...(next || list || state === 'waiting' ? [{ key: 'next', label: t.movesOn, value: movesOn }] : []),
    ...(reason ? [{ key: 'reason', label: t.reason, value: <SenderText text={reason} /> }] : []),
    ...(end ? [{ key: 'end', label: t.ends, value: <Instant at={end} zone={zone} /> }] : []),
    ...(goalAt ? [{ key: 'goal', label: t.goal, value: <Instant at={goalAt} zone={zone} /> }] : []),
    {
      key: 'entered',
      label: t.entered,
      value: (
        <>
          <Instant at={enteredAt} zone={zone} /> ·{' '}
          {pinned ? t.versionPinned({ version }) : t.version({ version })}
        </>
      ),
    },
  ];
  return <KeyValue items={items} />;
}
