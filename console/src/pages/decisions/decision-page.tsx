import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** One decision with every candidate. */
export function DecisionPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.decision} />
      <Empty title={t.notYet} />
    </>
  );
}
