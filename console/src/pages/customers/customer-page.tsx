import { getRouteApi, Link } from '@tanstack/react-router';
import { UserRoundX } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './customer-view.module.css';
import { CustomerView } from './customer-view.tsx';
import { messages } from './messages.ts';

const route = getRouteApi('/shell/customers/$ref');

/** Everything about one customer, and what can be done about them. */
export function CustomerPage() {
  const t = useMessages(messages);
  const { ref } = route.useParams();
  const customer = useApi('get', '/v1/customers/{ref}', { params: { path: { ref } } });
  const status = customer.error?.status;
  if (status === 404 || status === 410) {
    const isErased = status === 410;
    return (
      <>
        <PageHeader title={t.customer} back={<Link to="/customers">{t.toSearch}</Link>} />
        <Empty title={isErased ? t.gone : t.unknown} icon={<UserRoundX />}>
          {isErased ? t.goneText : <SenderText text={t.unknownText({ ref })} />}
        </Empty>
      </>
    );
  }
  return (
    <QueryState query={customer}>
      {(data) => (
        <>
          {data.mergedInto !== null && (
            <div className={styles.notice}>
              <Alert>{t.mergedInto({ id: data.id })}</Alert>
            </div>
          )}
          <CustomerView customer={data} />
        </>
      )}
    </QueryState>
  );
}
