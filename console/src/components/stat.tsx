import type { ReactNode } from 'react';
import styles from './stat.module.css';

/** One number that counts, with its name and what to compare it with. */
export function Stat({ label, value, note }: { label: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={styles.stat}>
      <p className={styles.label}>{label}</p>
      <p className={styles.value}>{value}</p>
      {note && <p className={styles.note}>{note}</p>}
    </div>
  );
}

/** Several of them side by side. */
export const Stats = ({ children }: { children: ReactNode }) => (
  <div className={styles.stats}>{children}</div>
);
