import styles from './kbd.module.css';

/** A key, as it is shown on buttons. Screen readers get it from `aria-keyshortcuts`. */
export const Kbd = ({ label }: { label: string }) => (
  <kbd className={styles.kbd} aria-hidden="true">
    {label}
  </kbd>
);
