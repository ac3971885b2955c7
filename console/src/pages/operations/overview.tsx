import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './operations.module.css';
import type { Status } from './status.ts';

type Role = Status['roles'][number];

/** The lag of each part, and what runs. */
export function Overview({ status }: { status: Status }) {
  const t = useMessages(messages);
  const { lag, channels, roles } = status;
  const due = channels.reduce((sum, row) => sum + row.due, 0);
  const oldestDue = Math.max(0, ...channels.map((row) => row.oldestDueSeconds));
  return (
    <>
      <Stats>
        <Waiting
          label={t.waiting}
          count={lag.waitingCustomers}
          seconds={lag.oldestEventSeconds}
          most={20_000}
        />
        <Waiting
          label={t.overdue}
          count={lag.overdueJourneys}
          seconds={lag.oldestTimerSeconds}
          most={10_000}
        />
        <Waiting label={t.due} count={due} seconds={oldestDue} most={20_000} />
        <Waiting label={t.outbox} count={lag.outboxEvents} seconds={lag.oldestOutboxSeconds} most={20_000} />
      </Stats>
      <Card title={t.roles} note={t.rolesNote} flush>
        <DataTable<Role>
          caption={t.roles}
          rows={roles}
          rowKey={({ role, name }) => `${role}/${name}`}
          empty={null}
          columns={roleColumns(t)}
        />
      </Card>
      <p className={styles.small}>{t.prometheus}</p>
    </>
  );
}

interface WaitingProps {
  label: string;
  count: number;
  seconds: number;
  /** From this number on more are not counted. */
  most: number;
}

function Waiting({ label, count, seconds, most }: WaitingProps) {
  const t = useMessages(messages);
  const format = useFormat();
  const number = format.number(count, 0);
  const note = count === 0 ? t.nothingWaits : t.oldest({ age: format.duration(Math.round(seconds) * 1_000) });
  return <Stat label={label} value={count >= most ? t.atLeast({ count: number }) : number} note={note} />;
}

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

function roleColumns(t: Texts): Column<Role>[] {
  return [
    { id: 'role', header: t.role, rowHeader: true, cell: ({ role }) => t[role] },
    { id: 'does', header: t.does, cell: ({ name }) => describePurpose(name, t) },
    {
      id: 'seen',
      header: t.seen,
      cell: ({ seenAt }) => (seenAt === null ? t.never : <Instant at={seenAt} as="relative" />),
    },
    { id: 'processes', header: t.processes, number: true, cell: ({ processes }) => processes ?? '–' },
  ];
}

function describePurpose(name: string, t: Texts): string {
  if (name === '') return '–';
  if (name === 'workflows' || name === 'decisions') return t[`purpose_${name}`];
  return t.purposeChannel({ channel: name.replace(/^channel /, '') });
}
