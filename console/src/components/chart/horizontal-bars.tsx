import { groupBars } from './bar-groups.ts';
import styles from './chart.module.css';
import { type ChartData, type ChartLook, colorOf, writeValue } from './chart-data.ts';
import { collectValues, createScale } from './scale.ts';

/** Bars that lie, one row per category, each with its value: for names that are long. */
export function HorizontalBars({ data, look }: { data: ChartData; look: ChartLook }) {
  const { categories, series } = data;
  const scale = createScale(collectValues(data), look.max === undefined ? {} : { max: look.max });
  const groups = groupBars(series);
  const percent = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <ul className={styles.rows}>
      {categories.map((category, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two categories may have the same name
        <li key={row} className={styles.row}>
          <bdi className={styles.name} title={category}>
            {category}
          </bdi>
          <div className={styles.bars}>
            {groups.flat().map((bar) => {
              const value = bar.series.values[row] ?? 0;
              const [from, to] = [scale.place(Math.min(0, value)), scale.place(Math.max(0, value))];
              return (
                <div key={bar.series.id} className={styles.track}>
                  <span
                    className={styles.bar}
                    style={{
                      marginInlineStart: percent(from),
                      width: percent(to - from),
                      background: colorOf(bar.series, bar.index),
                    }}
                  />
                  <span className={styles.number}>{writeValue(bar.series, row, look.format)}</span>
                </div>
              );
            })}
          </div>
        </li>
      ))}
    </ul>
  );
}
