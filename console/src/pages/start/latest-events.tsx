import { Link } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import { type Answer, useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './events.module.css';
import { messages } from './messages.ts';
import { Source } from './source.tsx';
import { writeProperties } from './write-properties.ts';

type AcceptedEvent = Answer<'get', '/v1/events'>['data'][number];

const SHOWN = 12;
const MOST_TEXT = 120;

/** The events that were accepted last, with whom they are about. */
export function LatestEvents() {
  const t = useMessages(messages);
  const events = useApi('get', '/v1/events', { params: { query: { limit: SHOWN } } });
  const columns: Column<AcceptedEvent>[] = [
    { id: 'when', header: t.when, cell: ({ acceptedAt }) => <Instant at={acceptedAt} as="time" /> },
    { id: 'event', header: t.event, rowHeader: true, cell: ({ name }) => <EventName name={name} /> },
    { id: 'customer', header: t.customer, cell: (event) => <Customer event={event} /> },
    {
      id: 'source',
      header: t.source,
      cell: ({ source, internal }) => <Source name={internal ? t.internal : source} />,
    },
    { id: 'properties', header: t.properties, cell: ({ properties }) => <Properties of={properties} /> },
  ];
  return (
    <Card title={t.events} note={t.eventsNote} flush>
      <QueryState query={events}>
        {({ data }) => (
          <DataTable
            caption={t.eventsNote}
            columns={columns}
            rows={data}
            rowKey={({ id }) => id}
            empty={
              <Empty title={t.noEvents} icon={<Radio />}>
                {t.noEventsText}
              </Empty>
            }
          />
        )}
      </QueryState>
    </Card>
  );
}

const EventName = ({ name }: { name: string }) => (
  <span className={styles.name}>
    <SenderText text={name} limit={80} plain />
  </span>
);

function Customer({ event: { customerId, userId } }: { event: AcceptedEvent }) {
  const t = useMessages(messages);
  return (
    <Link to="/customers/$ref" params={{ ref: customerId }}>
      {userId === null ? t.anonymous : <SenderText text={userId} limit={40} plain />}
    </Link>
  );
}

function Properties({ of }: { of: Record<string, unknown> }) {
  return (
    <span className={styles.properties}>
      <SenderText text={writeProperties(of)} limit={MOST_TEXT} plain />
    </span>
  );
}
