import { useState } from 'react';
import { useMessages } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { messages } from './sender-text.messages.ts';
import styles from './sender-text.module.css';

interface Props {
  /** What a sender wrote: a name, a subject, a property. */
  text: string;
  /** From how many characters on it is cut, until the user asks for all. */
  limit?: number;
  /** Cut without a button, as inside of a link or a row. */
  plain?: boolean;
}

const LIMIT = 200;

/** Text of a sender: it may be very long, of any script and direction, and never changes the page around it. */
export function SenderText({ text, limit = LIMIT, plain = false }: Props) {
  const t = useMessages(messages);
  const [all, setAll] = useState(false);
  const isLong = text.length > limit;
  const shown = isLong && !all ? `${cut(text, limit)}…` : text;
  return (
    <>
      <bdi dir="auto" className={styles.text}>
        {shown}
      </bdi>
      {isLong && !plain && (
        <Button kind="quiet" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.less : t.all}
        </Button>
      )}
    </>
  );
}

/** The beginning of a text, without half a character at the end. */
const cut = (text: string, limit: number) => text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '');
