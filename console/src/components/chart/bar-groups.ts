import type { ChartSeries } from './chart-data.ts';

/** A bar series with its position in the chart's list of series. */
export interface BarSeries {
  series: ChartSeries;
  index: number;
}

/** The bars side by side in a category: a stack is one of them. */
export function groupBars(all: readonly ChartSeries[]): BarSeries[][] {
  const groups = new Map<string, BarSeries[]>();
  all.forEach((series, index) => {
    if (series.kind === 'line') return;
    const key = series.stack === undefined ? `series ${series.id}` : `stack ${series.stack}`;
    groups.set(key, [...(groups.get(key) ?? []), { series, index }]);
  });
  return [...groups.values()];
}
