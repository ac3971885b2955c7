import { Card } from '../components/card.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import type { Customer } from './types.ts';

type Order = Customer['orders'][number];

const SHOWN = 10;

/** The newest orders, and what is in the cart. */
export function OrdersCard({ customer: { orders, cart, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
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
            cell: ({ status, problem }) => <SenderText plain text={problem ?? status} limit={60} />,
          },
          {
            id: 'total',
            header: t.total,
            number: true,
            cell: ({ total }) => (total ? `${total.amount} ${total.currency}` : '–'),
          },
          { id: 'at', header: t.since, cell: ({ at }) => <Instant at={at} zone={timezone} as="date" /> },
        ]}
      />
      {cart && cart.items.length > 0 && (
        <p style={{ padding: 'var(--space-2) var(--space-3)' }}>
          {t.cart}:{' '}
          <SenderText
            text={cart.items.map(({ name, product_id, sku }) => name ?? product_id ?? sku ?? '?').join(', ')}
          />
          {cart.total && ` · ${cart.total.amount} ${cart.total.currency}`}
        </p>
      )}
    </Card>
  );
}
