import type { ReactNode } from 'react';
import styles from './key-value.module.css';

/** Names with their values, one pair per line. */
export function KeyValue({ items }: { items: { key: string; label: ReactNode; value: ReactNode }[] }) {
  return (
    <dl className={styles.list}>
      {items.map(({ key, label, value }) => (
        <div key={key} className={styles.pair}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
