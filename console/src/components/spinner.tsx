import styles from './spinner.module.css';

/** Shows that something is under way. The label is read aloud; empty inside of something that is `aria-busy`. */
export function Spinner({ label }: { label: string }) {
  if (label === '') return <span className={styles.spinner} aria-hidden="true" />;
  return (
    <span role="status">
      <span className={styles.spinner} aria-hidden="true" />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
