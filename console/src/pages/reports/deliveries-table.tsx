import { Link } from '@tanstack/react-router';
import type { components } from '../../api/schema.d.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';
import styles from './reports.module.css';

type Row = components['schemas']['DeliveriesReport']['deliveries'][number];

const RECEIPTS = ['delivered', 'opened', 'clicked', 'bounced', 'complained', 'unsubscribed'] as const;

/** Deliveries by action, channel and variant, with what was reported about them. */
export function DeliveriesTable({ rows }: { rows: readonly Row[] }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  const count = (n: number) => format.number(n, 0);
  const columns: Column<Row>[] = [
    {
      id: 'action',
      header: t.action,
      rowHeader: true,
      cell: ({ action, channel, variant }) => (
        <>
          <Link to="/actions/$id" params={{ id: action }}>
            {names.action(action)}
          </Link>
          <span className={styles.note}>{variant === null ? channel : `${channel}, ${variant}`}</span>
        </>
      ),
    },
    { id: 'sent', header: t.sent, number: true, cell: ({ states }) => count(states.sent) },
    { id: 'failed', header: t.failed, number: true, cell: ({ states }) => count(states.failed) },
    { id: 'held', header: t.held, number: true, cell: ({ states }) => count(states.held) },
    ...RECEIPTS.map(
      (kind): Column<Row> => ({
        id: kind,
        header: t[kind],
        number: true,
        cell: ({ receipts }) => {
          const { deliveries, share } = receipts[kind];
          return (
            <>
              {count(deliveries)}
              {share !== null && <span className={styles.note}>{format.percent(share, 1)}</span>}
            </>
          );
        },
      }),
    ),
    {
      id: 'spent',
      header: t.spend,
      number: true,
      cell: ({ spent }) => format.amount(spent.amount, spent.currency),
    },
  ];
  return (
    <DataTable
      caption={t.figuresOf(t.byAction)}
      columns={columns}
      rows={rows}
      rowKey={({ action, channel, variant }) => [action, channel, variant].join('/')}
      empty={<Empty title={t.noDeliveries} />}
    />
  );
}
