import { type BarSeries, groupBars } from './bar-groups.ts';
import styles from './chart.module.css';
import { type ChartData, colorOf } from './chart-data.ts';
import type { Plot } from './plot.ts';

/** Share of a category that its bars fill, and the widest bar in pixels. */
const FILLED = 0.72;
const WIDEST = 44;
const WHISKER = 4;

/** Upright bars: side by side, or stacked. */
export function Bars({ data, plot }: { data: ChartData; plot: Plot }) {
  const groups = groupBars(data.series);
  if (groups.length === 0) return null;
  const width = Math.min(WIDEST, (plot.step * FILLED) / groups.length);
  return (
    <g>
      {data.categories.map((_, index) => {
        const start = plot.x(index) - (width * groups.length) / 2;
        return groups.map((group, place) => (
          <Stack
            // biome-ignore lint/suspicious/noArrayIndexKey: two categories may have the same name
            key={`${group[0]?.series.id} ${index}`}
            group={group}
            category={index}
            left={start + place * width}
            width={Math.max(1, width - 2)}
            plot={plot}
          />
        ));
      })}
    </g>
  );
}

interface StackProps {
  group: BarSeries[];
  category: number;
  left: number;
  width: number;
  plot: Plot;
}

function Stack({ group, category, left, width, plot }: StackProps) {
  let below = 0;
  return group.map(({ series, index }) => {
    const value = series.values[category];
    if (value === null || value === undefined) return null;
    const [from, to] = [below, below + value];
    below = to;
    const [top, bottom] = [plot.y(Math.max(from, to)), plot.y(Math.min(from, to))];
    return (
      <g key={series.id}>
        <rect
          x={left}
          y={top}
          width={width}
          height={Math.max(0, bottom - top)}
          rx={2}
          fill={colorOf(series, index)}
        />
        <Whisker
          low={series.low?.[category]}
          high={series.high?.[category]}
          middle={left + width / 2}
          plot={plot}
        />
      </g>
    );
  });
}

interface WhiskerProps {
  low: number | null | undefined;
  high: number | null | undefined;
  middle: number;
  plot: Plot;
}

function Whisker({ low, high, middle, plot }: WhiskerProps) {
  if (typeof low !== 'number' || typeof high !== 'number') return null;
  const [top, bottom] = [plot.y(high), plot.y(low)];
  const ends = `M${middle - WHISKER},${top}h${2 * WHISKER}M${middle - WHISKER},${bottom}h${2 * WHISKER}`;
  return <path d={`M${middle},${top}V${bottom}${ends}`} className={styles.whisker} />;
}
