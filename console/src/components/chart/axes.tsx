import styles from './chart.module.css';
import type { ChartData, ChartLook } from './chart-data.ts';
import type { Plot } from './plot.ts';

/** About the width of a character of a name. */
const CHARACTER = 6.5;
const GAP = 14;

/** The lines and names of both axes. Names that would overlap are left out. */
export function Axes({ data, look, plot }: { data: ChartData; look: ChartLook; plot: Plot }) {
  const { categories } = data;
  const longest = Math.max(...categories.map((name) => name.length), 1);
  const every = Math.max(1, Math.ceil((longest * CHARACTER + GAP) / plot.step));
  return (
    <g>
      {plot.scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={plot.left}
            x2={plot.right}
            y1={plot.y(tick)}
            y2={plot.y(tick)}
            className={tick === 0 ? styles.zero : styles.grid}
          />
          <text x={plot.left - 8} y={plot.y(tick)} className={styles.valueLabel}>
            {look.formatAxis(tick)}
          </text>
        </g>
      ))}
      {categories.map(
        (name, index) =>
          index % every === 0 && (
            // biome-ignore lint/suspicious/noArrayIndexKey: two categories may have the same name
            <text key={index} x={plot.x(index)} y={plot.height - 6} className={styles.categoryLabel}>
              {name}
            </text>
          ),
      )}
    </g>
  );
}
