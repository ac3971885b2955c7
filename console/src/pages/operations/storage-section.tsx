import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import type { Status } from './status.ts';

type StoredTable = Status['storage']['tables'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

const MEGABYTE = 1_000_000;
const GIGABYTE = 1_000_000_000;

/** How much is stored, and since when each table keeps everything. */
export function StorageSection({ status: { storage, loops } }: { status: Status }) {
  const t = useMessages(messages);
  const format = useFormat();
  const { bytes, tables } = storage;
  const size =
    bytes >= GIGABYTE ? `${format.number(bytes / GIGABYTE)} GB` : `${format.number(bytes / MEGABYTE, 0)} MB`;
  return (
    <>
      <Stats>
        <Stat label={t.database} value={size} />
      </Stats>
      <Card title={t.storage} flush>
        <DataTable<StoredTable>
          caption={t.storage}
          rows={tables}
          rowKey={({ table }) => table}
          empty={null}
          columns={tableColumns(t)}
        />
      </Card>
      <Card title={t.loops} flush>
        <DataTable<Status['loops'][number]>
          caption={t.loops}
          rows={loops}
          rowKey={({ loop }) => loop}
          empty={null}
          columns={[
            { id: 'loop', header: t.loop, rowHeader: true, cell: ({ loop }) => <code>{loop}</code> },
            {
              id: 'age',
              header: t.age,
              cell: ({ oldestSeconds }) =>
                oldestSeconds === 0 ? t.nothingWaits : format.duration(Math.round(oldestSeconds) * 1_000),
            },
          ]}
        />
      </Card>
    </>
  );
}

function tableColumns(t: Texts): Column<StoredTable>[] {
  return [
    { id: 'table', header: t.table, rowHeader: true, cell: ({ table }) => <code>{table}</code> },
    { id: 'months', header: t.months, number: true, cell: ({ months }) => months },
    { id: 'from', header: t.from, cell: ({ oldest }) => oldest ?? '–' },
    { id: 'to', header: t.to, cell: ({ newest }) => newest ?? '–' },
    {
      id: 'since',
      header: t.keptSince,
      cell: ({ keptSince }) => (keptSince === null ? t.everything : <Instant at={keptSince} as="date" />),
    },
    { id: 'dropping', header: t.dropping, cell: ({ dropping }) => dropping ?? '–' },
  ];
}
