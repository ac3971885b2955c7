import styles from './chart.module.css';
import { type ChartData, type ChartSeries, colorOf } from './chart-data.ts';
import type { Plot } from './plot.ts';

/** With more points a line has no dots. */
const MOST_DOTS = 32;

/** Lines, each with the band of its interval. */
export function Lines({ data, plot }: { data: ChartData; plot: Plot }) {
  return data.series.map((series, index) => {
    if (series.kind !== 'line') return null;
    const color = colorOf(series, index);
    const band = bandPath(series, plot);
    return (
      <g key={series.id}>
        {band && <path d={band} fill={color} className={styles.band} />}
        <path
          d={linePath(series.values, plot)}
          stroke={color}
          className={styles.line}
          strokeDasharray={series.dashed ? '5 4' : undefined}
        />
        {series.values.length <= MOST_DOTS &&
          series.values.map(
            (value, point) =>
              value !== null && (
                // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place
                <circle key={point} cx={plot.x(point)} cy={plot.y(value)} r={2.5} fill={color} />
              ),
          )}
      </g>
    );
  });
}

/** A line through the values, with a gap at each null. */
function linePath(values: readonly (number | null)[], plot: Plot): string {
  let isDown = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const command = isDown ? 'L' : 'M';
      isDown = true;
      return `${command}${plot.x(index)},${plot.y(value)}`;
    })
    .join('');
}

function bandPath({ low = [], high = [] }: ChartSeries, plot: Plot): string | null {
  const points = low.flatMap((from, index) => {
    const to = high[index];
    return typeof from === 'number' && typeof to === 'number' ? [{ x: plot.x(index), from, to }] : [];
  });
  if (points.length < 2) return null;
  const upper = points.map(({ x, to }) => `${x},${plot.y(to)}`);
  const lower = [...points].reverse().map(({ x, from }) => `${x},${plot.y(from)}`);
  return `M${[...upper, ...lower].join('L')}Z`;
}
