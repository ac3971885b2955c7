import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** One journey on its graph. */
export function JourneyPage() {
  const t = useMessages(messages);
  return (
    <>
      <PageHeader title={t.journey} />
      <Empty title={t.notYet} />
    </>
  );
}
