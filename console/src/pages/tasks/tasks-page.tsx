import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** The queues of the agent desk. */
export function TasksPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.title} />
      <Empty title={t.notYet} />
    </>
  );
}
