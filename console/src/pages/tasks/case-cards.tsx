import { useApi } from '../../api/use-api.ts';
import styles from './case-cards.module.css';
import { CouponsCard } from './coupons-card.tsx';
import { CustomerCard } from './customer-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { MessagesCard } from './messages-card.tsx';
import { CartCard, OrdersCard, PaymentsCard } from './money-cards.tsx';
import { readCase } from './read-case.ts';
import type { Task } from './task.ts';
import { ScriptCard, TicketsCard, WhyCard } from './task-cards.tsx';

/** Everything that is attached to a case, and the customer as they are now. */
export function CaseCards({ task }: { task: Task }) {
  const query = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: task.customerId } } });
  const attached = readCase(task);
  const zone = query.data?.timezone;
  return (
    <div className={styles.cards}>
      <div className={styles.column}>
        <ScriptCard task={task} />
        <CartCard cart={attached.cart} />
        <PaymentsCard payments={attached.payments} zone={zone} />
        <TicketsCard tickets={attached.tickets} zone={zone} />
        <HistoryCard history={attached.history} asOf={attached.asOf} zone={zone} />
      </div>
      <div className={styles.column}>
        <WhyCard task={task} zone={zone} />
        <CustomerCard query={query} />
        <CouponsCard customerId={task.customerId} zone={zone} />
        <OrdersCard orders={query.data?.orders} zone={zone} />
        <MessagesCard customerId={task.customerId} zone={zone} />
      </div>
    </div>
  );
}
