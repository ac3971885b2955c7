import styles from './chart.module.css';
import { type ChartData, type ChartLook, colorOf, writeValue } from './chart-data.ts';

interface Props {
  data: ChartData;
  look: ChartLook;
  index: number;
  /** The middle of the category, and the width of the drawing, in pixels. */
  x: number;
  width: number;
}

/** The values of one category, on the side of it that has more room. */
export function ChartTooltip({ data, look, index, x, width }: Props) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div className={styles.tooltip} style={side}>
      <strong>{data.categories[index]}</strong>
      {data.series.map((series, n) => (
        <div key={series.id} className={styles.tooltipRow}>
          <span>
            <i className={styles.swatch} style={{ background: colorOf(series, n) }} />
            {series.name}
          </span>
          <span>{writeValue(series, index, look.format)}</span>
        </div>
      ))}
    </div>
  );
}
