import type { ReactNode } from 'react';
import styles from './filter-bar.module.css';

/** The filters above a list. They live in the URL, so that the list can be shared. */
export function FilterBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <search className={styles.bar} aria-label={label}>
      {children}
    </search>
  );
}
