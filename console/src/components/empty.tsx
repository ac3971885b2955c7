import type { ReactNode } from 'react';
import styles from './empty.module.css';

interface Props {
  title: ReactNode;
  icon?: ReactNode;
  /** Why there is nothing, or what makes something appear. */
  children?: ReactNode;
  /** What to do next. */
  action?: ReactNode;
}

/** Says that there is nothing here, and what to do about it. */
export function Empty({ title, icon, children, action }: Props) {
  return (
    <div className={styles.empty}>
      {icon && (
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
      {action}
    </div>
  );
}
