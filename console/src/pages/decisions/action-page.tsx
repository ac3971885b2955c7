import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** What one action achieves. */
export function ActionPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.action} />
      <Empty title={t.notYet} />
    </>
  );
}
