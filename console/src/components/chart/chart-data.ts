/** One row of numbers of a chart. `values`, `low` and `high` have one entry per category; null leaves a gap. */
export interface ChartSeries {
  id: string;
  name: string;
  values: readonly (number | null)[];
  kind?: 'bar' | 'line';
  /** An interval around each value: a band around a line, a whisker on a bar. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
  /** Which of the series colours; by default in order. `muted` is for what is compared with. */
  color?: 1 | 2 | 3 | 4 | 5 | 6 | 'muted';
  dashed?: boolean;
  /** Bars with the same name are stacked. */
  stack?: string;
}

/** What a chart shows: it can be read as a table, too. */
export interface ChartData {
  /** The names of the categories, in order: days, actions, steps. */
  categories: readonly string[];
  series: readonly ChartSeries[];
}

/** How values are written, and how far the axis reaches. */
export interface ChartLook {
  /** Writes a value, in the tooltip and the table. */
  format(value: number): string;
  /** Writes a value of the axis, shorter. */
  formatAxis(value: number): string;
  /** Largest value of the axis, such as 1 for shares; by default that of the data. */
  max?: number;
}

const COLORS = 6;

/** The token of a series' colour. */
export function colorOf({ color }: ChartSeries, index: number): string {
  return color === 'muted' ? 'var(--border-strong)' : `var(--series-${color ?? (index % COLORS) + 1})`;
}

/** Whether there is anything to draw. */
export function hasValues({ series }: ChartData): boolean {
  return series.some(({ values }) => values.some((value) => value !== null));
}

/** A value and its interval, in words; a dash where there is none. */
export function writeValue(series: ChartSeries, index: number, format: ChartLook['format']): string {
  const { values, low, high } = series;
  const [value, from, to] = [values[index], low?.[index], high?.[index]];
  if (value === null || value === undefined) return '–';
  const interval =
    typeof from === 'number' && typeof to === 'number' ? ` (${format(from)} – ${format(to)})` : '';
  return `${format(value)}${interval}`;
}
