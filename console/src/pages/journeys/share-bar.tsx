import { useFormat } from '../../format/use-format.ts';
import styles from './journeys.module.css';

/** A share as a bar, with the number beside it. */
export function ShareBar({ part, whole }: { part: number; whole: number }) {
  const format = useFormat();
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  return (
    <span className={styles.share}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span className={styles.entries}>{whole > 0 ? format.percent(share, 0) : '–'}</span>
    </span>
  );
}
