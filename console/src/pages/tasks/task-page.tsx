import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** One case. */
export function TaskPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.task} />
      <Empty title={t.notYet} />
    </>
  );
}
