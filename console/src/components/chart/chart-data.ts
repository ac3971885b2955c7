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
  color?: SeriesColor;
  dashed?: boolean;
  /** Bars and areas with the same name are stacked. */
  stack?: string;
}

type SeriesColor = 1 | 2 | 3 | 4 | 5 | 6 | 'muted';

/** What a chart shows: it can be read as a table, too. */
export interface ChartData {
  /** The names of the categories, in order: days, actions, steps. */
  categories: readonly string[];
  series: readonly ChartSeries[];
}

export interface ChartLook {
  /** Bars lie, and their names are at the side: for names that are long. */
  horizontal?: boolean;
  /** Largest value of the axis, such as 1 for shares. */
  max?: number;
  /** Writes a value, in the tooltip and the table. */
  format(value: number): string;
  /** Writes a value of the axis, shorter. */
  formatAxis(value: number): string;
}

/** Whether there is anything to draw. */
export function hasValues({ series }: ChartData): boolean {
  return series.some(({ values }) => values.some((value) => value !== null));
}
