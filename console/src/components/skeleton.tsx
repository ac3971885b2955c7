import styles from './skeleton.module.css';

/** Grey lines where text will be, so that the page does not jump when it arrives. */
export function Skeleton({ lines = 3, height }: { lines?: number; height?: number }) {
  if (height !== undefined) return <div className={styles.block} style={{ height }} aria-hidden="true" />;
  return (
    <div className={styles.lines} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <div key={line} className={styles.line} />
      ))}
    </div>
  );
}
