import { Dialog } from '../../components/dialog.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import { STEP_KEYS } from './steps.ts';

/** The keys of the desk. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useMessages(messages);
  const keys = [
    ['J', t.keyNext],
    ['K', t.keyPrevious],
    ['Enter', t.keyOpen],
    [STEP_KEYS.claim, t.claim],
    [STEP_KEYS.resolve, t.resolve],
    [STEP_KEYS.escalate, t.escalate],
    [STEP_KEYS.snooze, t.snooze],
    ['Esc', t.keyBack],
    ['?', t.keyHelp],
  ] as const;
  return (
    <Dialog open={open} onClose={onClose} title={t.keys} description={t.keysText}>
      <KeyValue
        items={keys.map(([key = '', value]) => ({
          key,
          label: <kbd>{key.length === 1 ? key.toUpperCase() : key}</kbd>,
          value,
        }))}
      />
    </Dialog>
  );
}
