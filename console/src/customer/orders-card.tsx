import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './orders-card.module.css';
import type { Customer } from './types.ts';

type Order = Customer['orders'][number];

const SHOWN = 10;

/** The newest orders, and what is in the cart. */
export function OrdersCard({ customer: { orders, cart, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
  const format = useFormat();
  const money = ({ amount, currency }: Customer['orders'][number]['refunded']) =>
    format.amount(amount, currency);
  const newest = [...orders].sort((a, b) => b.at.localeCompare(a.at)).slice(0, SHOWN);
  return (
    <Card title={t.orders} flush={newest.length > 0}>
      <DataTable<Order>
        caption={t.orderTable}
        rows={newest}
        rowKey={({ id }) => id}
        empty={<p>{t.noOrders}</p>}
        columns={[
          {
            id: 'id',
            header: t.order,
            rowHeader: true,
            cell: ({ id }) => <SenderText plain text={id} limit={40} />,
          },
          {
            id: 'status',
            header: t.status,
            cell: ({ status, problem }) => (
              <>
                {nameStatus(status, t)}
                {problem !== null && (
                  <>
                    {' '}
                    <Badge tone="warning">
                      <SenderText plain text={problem} limit={60} />
                    </Badge>
                  </>
                )}
              </>
            ),
          },
          {
            id: 'total',
            header: t.total,
            number: true,
            cell: ({ total, refunded }) => (
              <>
                {total ? money(total) : '–'}
                {Number(refunded.amount) !== 0 && (
                  <span className={styles.refunded}>{t.refundedOf({ amount: money(refunded) })}</span>
                )}
              </>
            ),
          },
          { id: 'at', header: t.orderedAt, cell: ({ at }) => <Instant at={at} zone={timezone} as="date" /> },
        ]}
      />
      {cart && cart.items.length > 0 && (
        <p className={styles.cart}>
          {t.cart}:{' '}
          <SenderText
            text={cart.items.map(({ name, product_id, sku }) => name ?? product_id ?? sku ?? '?').join(', ')}
          />
          {cart.total && ` · ${money(cart.total)}`} · <Instant at={cart.at} zone={timezone} as="relative" />
        </p>
      )}
    </Card>
  );
}

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** The state of an order in words; of one that this build does not know, as the API calls it. */
function nameStatus(status: string, t: Texts): string {
  const known = { paid: t.order_paid, refunded: t.order_refunded, cancelled: t.order_cancelled };
  return known[status as keyof typeof known] ?? status;
}
