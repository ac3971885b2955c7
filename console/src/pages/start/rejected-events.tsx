import { type Answer, useApi } from '../../api/use-api.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './events.module.css';
import { messages } from './messages.ts';
import { Source } from './source.tsx';

type RejectedEvent = Answer<'get', '/v1/rejected'>['data'][number];

const SHOWN = 5;
const MOST_TEXT = 140;

/** The events that were refused last, with their reason. Nothing where there are none. */
export function RejectedEvents() {
  const t = useMessages(messages);
  const { data } = useApi('get', '/v1/rejected', { params: { query: { limit: SHOWN } } });
  if (!data || data.data.length === 0) return null;
  const columns: Column<RejectedEvent>[] = [
    { id: 'when', header: t.received, cell: ({ at }) => <Instant at={at} as="time" /> },
    { id: 'reason', header: t.reason, rowHeader: true, cell: (event) => <Reason event={event} /> },
    { id: 'source', header: t.source, cell: ({ source }) => <Source name={source} /> },
  ];
  return (
    <Card
      title={t.rejected}
      note={t.rejectedNote}
      aside={
        <ButtonLink to="/operations" size="sm">
          {t.toOperations}
        </ButtonLink>
      }
      flush
    >
      <DataTable
        caption={t.rejectedNote}
        columns={columns}
        rows={data.data}
        rowKey={({ id }) => id}
        empty={null}
      />
    </Card>
  );
}

function Reason({ event: { reason, code, body } }: { event: RejectedEvent }) {
  return (
    <div className={styles.reason}>
      <SenderText text={reason} plain /> <span className={styles.code}>{code}</span>
      <span className={styles.preview}>
        <SenderText text={body} limit={MOST_TEXT} plain />
      </span>
    </div>
  );
}
