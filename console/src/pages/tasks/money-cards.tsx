import type { Answer } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Table } from '../../components/table.tsx';
import { useStateName } from '../../customer/state-name.ts';
import { toWords } from '../../format/to-words.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { Amount } from './amount.tsx';
import styles from './case-cards.module.css';
import { messages } from './messages.ts';
import type { Case } from './read-case.ts';

type Zone = string | undefined;
type Order = Answer<'get', '/v1/customers/{ref}'>['orders'][number];

/** The cart as it was when the task was raised. */
export function CartCard({ cart }: { cart: Case['cart'] }) {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <Card title={t.cart} flush={cart !== null && cart.items.length > 0}>
      {cart === null || cart.items.length === 0 ? (
        <p className={styles.none}>{t.cartEmpty}</p>
      ) : (
        <Table caption={t.cart}>
          <thead>
            <tr>
              <th scope="col">{t.product}</th>
              <th scope="col" data-number>
                {t.quantity}
              </th>
            </tr>
          </thead>
          <tbody>
            {cart.items.map((item, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: items of a stored cart don't move
              <tr key={place}>
                <th scope="row">
                  <SenderText text={item.product} />
                </th>
                <td data-number>{format.number(item.quantity ?? 1)}</td>
              </tr>
            ))}
          </tbody>
          {cart.total !== null && (
            <tfoot>
              <tr>
                <th scope="row">{t.total}</th>
                <td data-number>
                  <Amount {...cart.total} />
                </td>
              </tr>
            </tfoot>
          )}
        </Table>
      )}
    </Card>
  );
}

/** Payments as they were when the task was raised, failed ones among them. */
export function PaymentsCard({ payments, zone }: { payments: Case['payments']; zone: Zone }) {
  const t = useMessages(messages);
  const stateName = useStateName();
  return (
    <Card title={t.payments}>
      {payments.length === 0 ? (
        <p className={styles.none}>{t.noPayments}</p>
      ) : (
        <ul className={styles.items}>
          {payments.map((payment, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: stored payments don't move
            <li key={place}>
              <span className={styles.line}>
                <span>
                  <Badge tone={payment.status === 'failed' ? 'danger' : 'success'}>
                    {stateName(payment.status)}
                  </Badge>{' '}
                  {payment.code !== null && <SenderText text={toWords(payment.code)} limit={60} />}
                </span>
                {payment.total !== null && <Amount {...payment.total} />}
              </span>
              <span className={styles.small}>
                {payment.orderId !== null && <SenderText text={payment.orderId} limit={40} plain />}
                {payment.at !== null && (
                  <>
                    {' · '}
                    <Instant at={payment.at} zone={zone} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const MOST_ORDERS = 5;

/** The customer's last orders, as they are now. */
export function OrdersCard({ orders, zone }: { orders: Order[] | undefined; zone: Zone }) {
  const t = useMessages(messages);
  const stateName = useStateName();
  const newest = [...(orders ?? [])].sort((a, b) => b.at.localeCompare(a.at)).slice(0, MOST_ORDERS);
  return (
    <Card title={t.orders}>
      {orders === undefined ? (
        <Skeleton lines={3} />
      ) : newest.length === 0 ? (
        <p className={styles.none}>{t.noOrders}</p>
      ) : (
        <ul className={styles.items}>
          {newest.map((order) => (
            <li key={order.id}>
              <span className={styles.line}>
                <SenderText text={order.id} limit={40} plain />
                {order.total !== null && <Amount {...order.total} />}
              </span>
              <span className={styles.small}>
                {stateName(order.problem ?? order.status)} · <Instant at={order.at} zone={zone} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
