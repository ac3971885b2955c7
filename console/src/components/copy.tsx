import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.ts';
import { IconButton } from './button.tsx';
import { messages } from './copy.messages.ts';

const SHOWN_MS = 2_000;

/** Copies a text. `what` names it for screen readers. */
export function Copy({ text, what }: { text: string; what: string }) {
  const t = useMessages(messages);
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // The browser did not allow it: the text can still be selected by hand.
      setState('failed');
    }
    setTimeout(() => setState('idle'), SHOWN_MS);
  };
  return (
    <>
      <IconButton label={t.copy({ what })} size="sm" onClick={copy}>
        {state === 'copied' ? <Check aria-hidden="true" /> : <CopyIcon aria-hidden="true" />}
      </IconButton>
      <span role="status" className="visually-hidden">
        {state === 'copied' ? t.copied : state === 'failed' ? t.failed : ''}
      </span>
    </>
  );
}
