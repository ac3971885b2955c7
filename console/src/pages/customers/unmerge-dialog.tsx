import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { CommandDialogProps } from './commands.tsx';
import { messages } from './messages.ts';
import { useCommand } from './use-command.ts';

/** Undoes the merge of one of the customers who were merged into this one. */
export function UnmergeDialog({ customer, onClose, onDone }: CommandDialogProps) {
  const t = useMessages(messages);
  const { mergedIds } = customer;
  const [merged, setMerged] = useState(mergedIds[0] ?? '');
  const command = useCommand('/v1/customers/{ref}/unmerge');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.unmergeTitle}
      description={t.unmergeText}
      confirm={t.unmergeDo}
      reason="required"
      busy={command.isPending}
      problem={command.error}
      onConfirm={(reason) => command.run(merged, reason, {}, () => onDone(t.unmergeDo))}
    >
      <Select
        label={t.unmergeWhich}
        value={merged}
        onChange={setMerged}
        options={mergedIds.map((id) => ({ value: id, label: id }))}
      />
    </ConfirmDialog>
  );
}
