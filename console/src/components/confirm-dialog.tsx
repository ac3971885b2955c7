import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { Problem } from '../api/problem.ts';
import { useMessages } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { messages } from './dialog.messages.ts';
import { Dialog } from './dialog.tsx';
import { ErrorState } from './error-state.tsx';
import { Textarea, TextInput } from './text-input.tsx';

interface Props {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  description?: ReactNode;
  /** What the button says: the deed itself, such as "Erase". */
  confirm: string;
  danger?: boolean;
  /** Whether a reason is asked for, and must be given. */
  reason?: 'none' | 'optional' | 'required';
  /** A word that must be typed first, for what can't be undone. */
  typed?: string;
  /** Whether what `children` ask for is complete. */
  ready?: boolean;
  busy?: boolean;
  problem?: Problem | null;
  /** Further fields. */
  children?: ReactNode;
  onConfirm(reason: string): void;
}

/** Asks before something is done, and for the reason. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  description,
  confirm,
  danger = false,
  reason = 'none',
  typed,
  ready = true,
  busy = false,
  problem,
  children,
  onConfirm,
}: Props) {
  const t = useMessages(messages);
  const form = useId();
  const [why, setWhy] = useState('');
  const [word, setWord] = useState('');
  const isReady =
    ready && (reason !== 'required' || why.trim() !== '') && (typed === undefined || word === typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !busy) onConfirm(why.trim());
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t.cancel}</Button>
      <Button type="submit" form={form} kind={danger ? 'danger' : 'primary'} busy={busy} disabled={!isReady}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description} footer={footer}>
      <form id={form} onSubmit={submit} style={{ display: 'contents' }}>
        {children}
        {reason !== 'none' && (
          <Textarea
            label={t.reason}
            hint={t.reasonHint}
            value={why}
            maxLength={500}
            required={reason === 'required'}
            onChange={(event) => setWhy(event.target.value)}
          />
        )}
        {typed !== undefined && (
          <TextInput
            label={t.typeToConfirm({ word: typed })}
            value={word}
            autoComplete="off"
            onChange={(event) => setWord(event.target.value)}
          />
        )}
        {problem && <ErrorState problem={problem} />}
      </form>
    </Dialog>
  );
}
