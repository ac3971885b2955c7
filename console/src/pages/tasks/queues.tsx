import { Link, useNavigate } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { classNames } from '../../components/class-names.ts';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { Filters } from './filters.ts';
import { messages } from './messages.ts';
import styles from './queues.module.css';
import { VIEWS } from './search.ts';
import type { TaskQueue } from './task.ts';

/** More are counted as at least as many. */
const MOST = 10_000;
/** Changes come by the stream. This is for times that pass, and for when it is away. */
const EVERY_MS = 15_000;

/** The queues with what waits in each, and what else can be listed. A narrow screen has a choice in their place. */
export function Queues({ filters, login }: { filters: Filters; login: string }) {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const query = useApi(
    'get',
    '/v1/task-queues',
    { params: { query: { assignee: login } } },
    { refetchInterval: EVERY_MS, keepPrevious: true },
  );
  return (
    <QueryState query={query}>
      {({ data, held }) => (
        <>
          <nav className={styles.wide} aria-label={t.queues}>
            <ul className={styles.list}>
              <Item filters={{ ...filters, queue: undefined }} name={t.all} now={filters} row={sum(data)} />
              {data.map((row) => (
                <Item
                  key={row.queue}
                  filters={{ ...filters, queue: row.queue }}
                  name={row.queue}
                  now={filters}
                  row={row}
                />
              ))}
            </ul>
          </nav>
          <div className={styles.narrow}>
            <Select
              label={t.queues}
              value={filters.queue ?? ''}
              onChange={(queue) =>
                void navigate({ to: '/tasks', search: { ...filters, queue: queue || undefined } })
              }
              options={[
                { value: '', label: t.all },
                ...data.map(({ queue, open }) => ({ value: queue, label: `${queue} (${open})` })),
              ]}
            />
          </div>
          <Select
            label={t.show}
            value={filters.view ?? ''}
            onChange={(view) =>
              void navigate({
                to: '/tasks',
                search: { ...filters, view: VIEWS.find((other) => other === view) },
              })
            }
            options={[
              { value: '', label: t.open },
              ...VIEWS.map((view) => ({
                value: view,
                label: view === 'held' ? `${t.held} (${held ?? 0})` : t[view],
              })),
            ]}
          />
        </>
      )}
    </QueryState>
  );
}

type Counts = Pick<TaskQueue, 'open' | 'acknowledged' | 'overdue'>;

interface ItemProps {
  filters: Filters;
  now: Filters;
  name: string;
  row: Counts;
}

function Item({ filters, now, name, row }: ItemProps) {
  const t = useMessages(messages);
  const format = useFormat();
  const open = row.open >= MOST ? `${format.number(MOST)}+` : format.number(row.open);
  const isChosen = now.queue === filters.queue;
  return (
    <li>
      <Link
        to="/tasks"
        search={filters}
        className={classNames(styles.item, isChosen && styles.chosen)}
        aria-current={isChosen ? 'true' : undefined}
      >
        <span className={styles.name}>{name}</span>
        {row.overdue > 0 && <CircleAlert className={styles.late} aria-hidden="true" />}
        <span className={styles.count} aria-hidden="true">
          {open}
        </span>
        <span className="visually-hidden">{t.queueCounts({ open, overdue: row.overdue })}</span>
      </Link>
    </li>
  );
}

const sum = (rows: readonly TaskQueue[]): Counts =>
  rows.reduce<Counts>(
    (total, { open, acknowledged, overdue }) => ({
      open: total.open + open,
      acknowledged: total.acknowledged + acknowledged,
      overdue: total.overdue + overdue,
    }),
    { open: 0, acknowledged: 0, overdue: 0 },
  );
