import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { nameCustomer } from '../../customer/name.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { CommandDialogProps } from './commands.tsx';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

/** A name that nobody can type, or that is too long for it, is replaced by the id. */
const TYPABLE = /^[\p{L}\p{N}\p{P} ]{1,60}$/u;

/** Erases a person, after the name was typed. */
export function EraseDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const command = useCommand('/v1/customers/{ref}/erase');
  const name = nameCustomer(customer);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.eraseTitle}
      description={t.eraseText}
      confirm={t.eraseDo}
      danger
      reason="required"
      typed={TYPABLE.test(name) ? name : customer.id}
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => command.run(customer.id, reason, {}, () => onDone(t.eraseDo))}
    />
  );
}
