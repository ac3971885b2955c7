import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import type { CommandDialogProps } from './commands.tsx';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

/** Longest key of an enrollment in a list. */
const KEY = 40;

/** Takes a customer out of one enrollment, or out of all journeys. */
export function ExitDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const names = useNames();
  const [enrollmentId, setEnrollmentId] = useState('');
  const command = useCommand('/v1/customers/{ref}/exit');
  const fields = enrollmentId === '' ? {} : { enrollmentId };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.exitTitle}
      description={t.exitText}
      confirm={t.exitDo}
      reason="required"
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => command.run(customer.id, reason, fields, () => onDone(t.exitDo))}
    >
      <Select
        label={t.exitFrom}
        value={enrollmentId}
        onChange={setEnrollmentId}
        options={[
          { value: '', label: t.exitAll },
          ...customer.enrollments.map(({ id, journey, key }) => ({
            value: id,
            label: key === null ? names.journey(journey) : `${names.journey(journey)} (${key.slice(0, KEY)})`,
          })),
        ]}
      />
    </ConfirmDialog>
  );
}
