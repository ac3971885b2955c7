import styles from './kbd.module.css';

/** A key, as it is shown on buttons. Screen readers get it from `aria-keyshortcuts`. */
export const Kbd = ({ label }: { label: string }) => (
  <span className={styles.kbd} aria-hidden="true">
    {label}
  </span>
);
