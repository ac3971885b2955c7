import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './table.module.css';

interface Props {
  /** What the table lists, read aloud; shown above it with `showCaption`. */
  caption: string;
  showCaption?: boolean;
  children: ReactNode;
  className?: string | undefined;
}

/**
 * A table, with `thead` and `tbody` as children. A narrow screen scrolls inside of it, never the page. Cells with numbers
 * have `data-number`.
 */
export function Table({ caption, showCaption = false, children, className }: Props) {
  return (
    // No landmark, since the card around it often is one of the same name.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it
    <div role="group" className={styles.scroll} aria-label={caption} tabIndex={0}>
      <table className={classNames(styles.table, className)}>
        <caption className={showCaption ? styles.caption : 'visually-hidden'}>{caption}</caption>
        {children}
      </table>
    </div>
  );
}
