import type { Answer } from '../../api/use-api.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import type { Format } from '../../format/format.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './operations.module.css';

type Note = Answer<'get', '/v1/event-notes'>['data'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** What could not be read of accepted events: for the people who look after the senders. */
export function NotesCard() {
  const t = useMessages(messages);
  const format = useFormat();
  const query = useApi('get', '/v1/event-notes', { params: { query: { limit: 20 } } });
  return (
    <Card title={t.notes} flush={(query.data?.data.length ?? 0) > 0}>
      <QueryState query={query}>
        {({ data }) => (
          <DataTable<Note>
            caption={t.notes}
            rows={data}
            rowKey={({ code, field, source }) => `${code}/${field}/${source}`}
            empty={<p className={styles.none}>{t.noNotes}</p>}
            columns={noteColumns(t, format)}
          />
        )}
      </QueryState>
    </Card>
  );
}

function noteColumns(t: Texts, format: Format): Column<Note>[] {
  return [
    {
      id: 'field',
      header: t.field,
      rowHeader: true,
      cell: ({ field, meaning }) => (
        <div className={styles.error}>
          <SenderText text={field} limit={80} plain />
          <p lang="en" className={styles.small}>
            {meaning}
          </p>
        </div>
      ),
    },
    { id: 'source', header: t.source, cell: ({ source }) => <SenderText text={source} limit={60} plain /> },
    { id: 'count', header: t.count, number: true, cell: ({ count }) => format.number(count, 0) },
    { id: 'last', header: t.last, cell: ({ lastAt }) => <Instant at={lastAt} as="relative" /> },
    {
      id: 'example',
      header: t.example,
      cell: ({ example }) =>
        example !== null && (
          <div className={styles.error}>
            <SenderText text={example} limit={120} />
          </div>
        ),
    },
  ];
}
