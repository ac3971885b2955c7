import { type ReactNode, useEffect } from 'react';
import styles from './page-header.module.css';

interface Props {
  title: ReactNode;
  /** For the browser's tab, where the title is no text. */
  documentTitle?: string;
  /** What the page is for, in a sentence. */
  lead?: ReactNode;
  /** Above the title: where one came from. */
  back?: ReactNode;
  /** Buttons, at the end of the line. */
  actions?: ReactNode;
}

/** The first heading of a page. It also names the browser's tab. */
export function PageHeader({ title, documentTitle, lead, back, actions }: Props) {
  const name = documentTitle ?? (typeof title === 'string' ? title : undefined);
  useEffect(() => {
    if (name) document.title = `${name.slice(0, 80)} · Throughline`;
  }, [name]);
  return (
    <header className={styles.header}>
      {back && <div className={styles.back}>{back}</div>}
      <div className={styles.row}>
        <div className={styles.titles}>
          <h1 tabIndex={-1}>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  );
}
