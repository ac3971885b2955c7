import { Link } from '@tanstack/react-router';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import type { Format } from '../../format/format.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './operations.module.css';
import type { Status } from './status.ts';
import { TemporalLink } from './temporal-link.tsx';

type Stuck = Status['stuck'][number];
type Parked = Status['parked'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** Customers whose journeys stand still because of a defect or a limit, each with its reason. */
export function JourneysSection({ status: { stuck, parked } }: { status: Status }) {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <>
      {parked.length > 0 && (
        <Card title={t.parked} flush>
          <DataTable<Parked>
            caption={t.parked}
            rows={parked}
            rowKey={({ reason }) => reason}
            empty={null}
            columns={parkedColumns(t, format)}
          />
        </Card>
      )}
      <Card title={t.stuck} flush>
        <DataTable<Stuck>
          caption={t.stuck}
          rows={stuck}
          rowKey={({ kind, customerId }) => `${kind}/${customerId}`}
          empty={<Empty title={t.noStuck}>{t.noStuckText}</Empty>}
          columns={stuckColumns(t)}
        />
      </Card>
    </>
  );
}

function parkedColumns(t: Texts, format: Format): Column<Parked>[] {
  return [
    { id: 'reason', header: t.code, rowHeader: true, cell: ({ reason }) => <SenderText text={reason} /> },
    {
      id: 'customers',
      header: t.customers,
      number: true,
      cell: ({ customers }) => format.number(customers, 0),
    },
    {
      id: 'oldest',
      header: t.age,
      cell: ({ oldestSeconds }) => format.duration(Math.round(oldestSeconds) * 1_000),
    },
  ];
}

function stuckColumns(t: Texts): Column<Stuck>[] {
  return [
    {
      id: 'customer',
      header: t.customer,
      rowHeader: true,
      cell: ({ customerId }) => (
        <Link to="/customers/$ref" params={{ ref: customerId }}>
          {customerId}
        </Link>
      ),
    },
    {
      id: 'kind',
      header: t.state,
      cell: ({ kind }) => (
        <Badge tone={kind === 'workflow' ? 'danger' : 'warning'}>{t[`kind_${kind}`]}</Badge>
      ),
    },
    {
      id: 'reason',
      header: t.code,
      cell: ({ reason }) => (
        <div className={styles.error}>
          <SenderText text={reason} />
        </div>
      ),
    },
    { id: 'since', header: t.since, cell: ({ since }) => (since === null ? '–' : <Instant at={since} />) },
    {
      id: 'link',
      header: t.inTemporal,
      cell: ({ url, customerId }) => <TemporalLink url={url} what={customerId} />,
    },
  ];
}
