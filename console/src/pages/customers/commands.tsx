import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Menu, type MenuItem } from '../../components/menu.tsx';
import type { Customer } from '../../customer/types.ts';
import { useMessages } from '../../i18n/messages.ts';
import { EraseDialog } from './erase-dialog.tsx';
import { ExitDialog } from './exit-dialog.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { messages } from './messages.ts';
import { PauseDialog } from './pause-dialog.tsx';
import { SnoozeDialog } from './snooze-dialog.tsx';
import { UnmergeDialog } from './unmerge-dialog.tsx';

const DIALOGS = {
  pause: PauseDialog,
  snooze: SnoozeDialog,
  exit: ExitDialog,
  merge: MergeDialog,
  unmerge: UnmergeDialog,
  erase: EraseDialog,
};

export interface CommandDialogProps {
  customer: Customer;
  onClose(): void;
  /** @param what was done, in words */
  onDone(what: string): void;
}

/** What can be done about a customer. Each command asks for a reason first, and says what it does. */
export function CustomerCommands({ customer }: { customer: Customer }) {
  const t = useMessages(messages);
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const mayAct = useCan('act');
  const mayErase = useCan('operate');
  const item = (label: string, dialog: keyof typeof DIALOGS, more: Partial<MenuItem> = {}): MenuItem => ({
    label,
    onSelect: () => setOpen(dialog),
    disabled: !mayAct,
    ...more,
  });
  const { paused, snoozedUntil, enrollments, mergedIds } = customer;
  const Dialog = open && DIALOGS[open];
  return (
    <>
      <Menu
        trigger={
          <Button icon={<ChevronDown aria-hidden="true" />} title={mayAct ? undefined : t.mayNot}>
            {t.commands}
          </Button>
        }
        groups={[
          {
            label: mayAct ? t.change : t.mayNot,
            items: [
              item(paused ? t.resume : t.pause, 'pause'),
              item(snoozedUntil ? t.unsnooze : t.snooze, 'snooze'),
              item(t.exit, 'exit', { disabled: !mayAct || enrollments.length === 0 }),
            ],
          },
          {
            label: t.identity,
            items: [
              item(t.merge, 'merge'),
              item(t.unmerge, 'unmerge', { disabled: !mayAct || mergedIds.length === 0 }),
              item(t.erase, 'erase', { danger: true, disabled: !mayErase }),
            ],
          },
        ]}
      />
      {done && (
        <Alert tone="success" live>
          {t.done({ what: done })}
        </Alert>
      )}
      {Dialog && (
        <Dialog
          customer={customer}
          onClose={() => setOpen(null)}
          onDone={(what) => {
            setOpen(null);
            setDone(what);
          }}
        />
      )}
    </>
  );
}
