import { X } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

/** Says that the list has only the members of an account, by its name, and takes this away. */
export function AccountFilter({ id, onClear }: { id: string; onClear(): void }) {
  const t = useMessages(messages);
  const account = useApi('get', '/v1/accounts/{id}', { params: { path: { id }, query: { limit: 1 } } });
  return (
    <Button kind="primary" icon={<X aria-hidden="true" />} title={t.clearAccount} onClick={onClear}>
      {t.account}: <SenderText plain text={account.data?.name ?? id} limit={40} />
    </Button>
  );
}
