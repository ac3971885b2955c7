import { useMemo } from 'react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { diffLines, foldUnchanged } from '../../text-diff/diff-lines.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';

const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

/** Two texts line by line: what was added, removed and stayed. */
export function TextDiff({ label, before, after }: { label: string; before: string; after: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  const lines = useMemo(() => foldUnchanged(diffLines(before, after)), [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it
    <section aria-label={label} tabIndex={0}>
      <pre className={styles.diff}>
        {lines.map((line, index) =>
          line === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines don't move
            <span key={index} data-kind="fold">
              ⋯
            </span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines don't move
            <span key={index} data-kind={line.kind}>
              {line.kind !== 'same' && <span className="visually-hidden">{t[line.kind]}: </span>}
              <span aria-hidden="true">{SIGNS[line.kind]} </span>
              {line.text}
            </span>
          ),
        )}
      </pre>
      {lines.length === 0 && <p className={styles.muted}>{format.number(0)}</p>}
    </section>
  );
}
