import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { CommandDialogProps } from './commands.tsx';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

const DAYS = [1, 3, 7, 14, 30, 90];

/** Stops marketing for some days, or ends that. */
export function SnoozeDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const [days, setDays] = useState('7');
  const command = useCommand('/v1/customers/{ref}/snooze');
  // As it was when the dialog opened: a change that arrives meanwhile must not turn the button into its opposite.
  const [isSnoozed] = useState(customer.snoozedUntil !== null);
  const what = isSnoozed ? t.unsnoozeDo : t.snoozeDo;
  const fields = isSnoozed ? { until: null } : { duration: `${days}d` };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={isSnoozed ? t.unsnoozeTitle : t.snoozeTitle}
      description={isSnoozed ? t.unsnoozeText : t.snoozeText}
      confirm={what}
      reason="required"
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => command.run(customer.id, reason, fields, () => onDone(what))}
    >
      {!isSnoozed && (
        <Select
          label={t.snoozeFor}
          value={days}
          onChange={setDays}
          options={DAYS.map((count) => ({ value: String(count), label: t.days({ count }) }))}
        />
      )}
    </ConfirmDialog>
  );
}
