import styles from './chart.module.css';
import { type ChartData, colorOf } from './chart-data.ts';

/** The names of the series, if there are several. */
export function Legend({ series }: { series: ChartData['series'] }) {
  if (series.length < 2) return null;
  return (
    <ul className={styles.legend} aria-hidden="true">
      {series.map((item, index) => (
        <li key={item.id}>
          <i
            className={item.kind === 'line' ? styles.swatchLine : styles.swatch}
            style={{ background: colorOf(item, index) }}
          />
          {item.name}
        </li>
      ))}
    </ul>
  );
}
