import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** Edits the definitions. */
export function EditPage() {
  const t = useMessages(messages);
  return <PageHeader title={t.edit} />;
}
