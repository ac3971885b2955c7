import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { Instant } from '../../components/instant.tsx';
import { Select } from '../../components/select.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import type { Format } from '../../format/format.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import { NotesCard } from './notes-card.tsx';
import styles from './operations.module.css';
import { RejectedList } from './rejected-list.tsx';
import { RetryAll } from './retry-all.tsx';
import type { Status } from './status.ts';

type Count = Status['rejected'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** Which rejected events are listed. */
export interface RejectedFilters {
  code: string | undefined;
  source: string | undefined;
}

interface Props {
  status: Status;
  filters: RejectedFilters;
  onFilter(filters: RejectedFilters): void;
}

/** Rejected events by reason, each of them, and what could not be read of accepted ones. */
export function EventsSection({ status: { rejected }, filters, onFilter }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const pick = (values: string[], all: string) => [
    { value: '', label: all },
    ...[...new Set(values)].sort().map((value) => ({ value, label: value.slice(0, 60) })),
  ];
  return (
    <>
      {rejected.length === 0 ? (
        <Card title={t.rejected}>
          <Empty title={t.noRejected}>{t.noRejectedText}</Empty>
        </Card>
      ) : (
        <>
          <Card title={t.rejected} flush>
            <DataTable<Count>
              caption={t.rejected}
              rows={rejected}
              rowKey={({ code, source }) => `${code}/${source}`}
              empty={null}
              columns={countColumns(t, format)}
            />
          </Card>
          <Card title={t.list} aside={<RetryAll filters={filters} />}>
            <div className={styles.stack}>
              <FilterBar label={t.filters}>
                <Select
                  label={t.code}
                  value={filters.code ?? ''}
                  options={pick(
                    [...rejected.map(({ code }) => code), filters.code ?? ''].filter(Boolean),
                    t.allReasons,
                  )}
                  onChange={(code) => onFilter({ ...filters, code: code || undefined })}
                />
                <Select
                  label={t.source}
                  value={filters.source ?? ''}
                  options={pick(
                    [...rejected.map(({ source }) => source), filters.source ?? ''].filter(Boolean),
                    t.allSources,
                  )}
                  onChange={(source) => onFilter({ ...filters, source: source || undefined })}
                />
              </FilterBar>
              <RejectedList filters={filters} />
            </div>
          </Card>
        </>
      )}
      <NotesCard />
    </>
  );
}

function countColumns(t: Texts, format: Format): Column<Count>[] {
  return [
    { id: 'code', header: t.code, rowHeader: true, cell: ({ code }) => <code>{code}</code> },
    { id: 'source', header: t.source, cell: ({ source }) => <SenderText text={source} limit={60} plain /> },
    { id: 'count', header: t.count, number: true, cell: ({ count }) => format.number(count, 0) },
    { id: 'lately', header: t.lately, number: true, cell: ({ lately }) => format.number(lately, 0) },
    { id: 'last', header: t.last, cell: ({ lastAt }) => <Instant at={lastAt} as="relative" /> },
    {
      id: 'reason',
      header: t.lastReason,
      cell: ({ lastReason }) => (
        <div className={styles.error}>
          <SenderText text={lastReason} />
        </div>
      ),
    },
  ];
}
