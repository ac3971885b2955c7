import type { Names } from '../../../../src/sentences/create-sentences.ts';
import { Alert } from '../../components/alert.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import type { Format } from '../../format/format.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';
import styles from './operations.module.css';
import type { Status } from './status.ts';
import { TemporalLink } from './temporal-link.tsx';

type Schedule = NonNullable<Status['schedules']>[number];
type Sweep = Status['sweeps'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** When each job and schedule runs, how its last run ended, and the sweeps. */
export function JobsSection({ status: { schedules, sweeps } }: { status: Status }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  return (
    <>
      {schedules === null ? (
        <Alert tone="warning">{t.away}</Alert>
      ) : (
        <Card title={t.schedules} flush>
          <DataTable<Schedule>
            caption={t.schedules}
            rows={schedules}
            rowKey={({ name }) => name}
            empty={<Empty title={t.noSchedules} />}
            columns={scheduleColumns(t)}
          />
        </Card>
      )}
      <Card title={t.sweeps} note={t.sweepsNote} flush={sweeps.length > 0}>
        <DataTable<Sweep>
          caption={t.sweeps}
          rows={sweeps}
          rowKey={({ id }) => id}
          empty={<p className={styles.none}>{t.noSweeps}</p>}
          columns={sweepColumns(t, format, names)}
        />
      </Card>
    </>
  );
}

const STATES = { active: 'success', paused: 'warning', missing: 'danger' } as const satisfies Record<
  Schedule['state'],
  Tone
>;

function scheduleColumns(t: Texts): Column<Schedule>[] {
  return [
    { id: 'name', header: t.name, rowHeader: true, cell: ({ name }) => <code>{name}</code> },
    {
      id: 'state',
      header: t.state,
      cell: ({ state, note }) => (
        <>
          <Badge tone={STATES[state]}>{t[state]}</Badge>{' '}
          {note !== null && (
            <span className={styles.small}>
              <SenderText text={note} />
            </span>
          )}
        </>
      ),
    },
    { id: 'next', header: t.next, cell: ({ nextAt }) => nextAt && <Instant at={nextAt} /> },
    { id: 'last', header: t.lastRun, cell: ({ lastAt }) => (lastAt ? <Instant at={lastAt} /> : t.never) },
    { id: 'outcome', header: t.outcome, cell: ({ outcome }) => <Outcome outcome={outcome} /> },
    { id: 'link', header: t.inTemporal, cell: ({ url, name }) => <TemporalLink url={url} what={name} /> },
  ];
}

function Outcome({ outcome }: { outcome: string | null }) {
  const t = useMessages(messages);
  if (outcome === null) return '–';
  if (outcome === 'COMPLETED') return <Badge tone="success">{t.completed}</Badge>;
  if (outcome === 'RUNNING') return <Badge tone="info">{t.running}</Badge>;
  return <Badge tone="danger">{outcome}</Badge>;
}

function sweepColumns(t: Texts, format: Format, names: Names): Column<Sweep>[] {
  return [
    {
      id: 'kind',
      header: t.name,
      rowHeader: true,
      cell: ({ kind, journey }) => (
        <>
          <code>{kind}</code> {journey !== null && names.journey(journey)}
        </>
      ),
    },
    { id: 'started', header: t.started, cell: ({ startedAt }) => <Instant at={startedAt} /> },
    {
      id: 'done',
      header: t.done,
      cell: ({ doneAt }) =>
        doneAt === null ? <Badge tone="info">{t.underWay}</Badge> : <Instant at={doneAt} />,
    },
    { id: 'seen', header: t.seenCustomers, number: true, cell: ({ seen }) => format.number(seen, 0) },
    { id: 'found', header: t.found, number: true, cell: ({ found }) => format.number(found, 0) },
  ];
}
