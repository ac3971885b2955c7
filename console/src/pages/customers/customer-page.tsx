import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** Everything about one customer. */
export function CustomerPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.customer} />
      <Empty title={t.notYet} />
    </>
  );
}
