import styles from './reports.module.css';

interface Props {
  low: number;
  difference: number;
  high: number;
  /** What the whole width stands for on each side of zero, so that bars of one table can be compared. */
  scale: number;
}

/** An interval around a difference, with zero in the middle. The numbers are beside it, so screen readers skip it. */
export function IntervalBar({ low, difference, high, scale }: Props) {
  const at = (value: number) => {
    const share = scale === 0 ? 0 : Math.max(-1, Math.min(1, value / scale));
    return 50 + share * 50;
  };
  return (
    <span className={styles.interval} aria-hidden="true">
      <span className={styles.zero} />
      <span className={styles.range} style={{ left: `${at(low)}%`, width: `${at(high) - at(low)}%` }} />
      <span className={styles.point} style={{ left: `${at(difference)}%` }} />
    </span>
  );
}
