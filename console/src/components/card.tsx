import { type ReactNode, useId } from 'react';
import styles from './card.module.css';
import { classNames } from './class-names.ts';

interface Props {
  title?: ReactNode;
  /** Beside the title: a badge, a small button. */
  aside?: ReactNode;
  /** Below the title, muted. */
  note?: ReactNode;
  /** Without padding, for a table that reaches the edges. */
  flush?: boolean;
  className?: string | undefined;
  children: ReactNode;
}

/** A part of a page, with a heading of its own. */
export function Card({ title, aside, note, flush = false, className, children }: Props) {
  const id = useId();
  return (
    <section className={classNames(styles.card, className)} aria-labelledby={title ? id : undefined}>
      {title && (
        <header className={styles.header}>
          <div className={styles.titles}>
            <h2 id={id}>{title}</h2>
            {note && <p className={styles.note}>{note}</p>}
          </div>
          {aside && <div className={styles.aside}>{aside}</div>}
        </header>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
