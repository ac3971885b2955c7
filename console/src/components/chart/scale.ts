import type { ChartData, ChartSeries } from './chart-data.ts';

/** An axis of values: its ends, and where its lines are. */
export interface Scale {
  min: number;
  max: number;
  ticks: number[];
  /** Where a value is: 0 at `min`, 1 at `max`. */
  place(value: number): number;
}

/** An axis with about `count` lines at round numbers, whole ones for counts, which holds zero and all values. */
export function createScale(
  values: readonly number[],
  { max: fixed, count = 4 }: { max?: number; count?: number },
): Scale {
  const least = values.reduce((a, b) => Math.min(a, b), 0);
  const most = fixed ?? values.reduce((a, b) => Math.max(a, b), 0);
  const step = roundStep((most - least || 1) / count, values.every(Number.isInteger));
  const min = Math.floor(least / step + ROUNDING) * step;
  const max = fixed ?? (Math.ceil(most / step - ROUNDING) * step || step);
  const lines = Math.round((max - min) / step + ROUNDING);
  const ticks = Array.from({ length: lines + 1 }, (_, n) => Number((min + n * step).toPrecision(12)));
  return {
    min,
    max,
    ticks: ticks.filter((tick) => tick <= max),
    place: (value) => (value - min) / (max - min),
  };
}

const ROUNDING = 1e-9;

/** The next of 1, 2, 2.5, 5 × a power of ten; of counts, the next whole one. */
function roundStep(step: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  if (!whole) return steps.find((candidate) => candidate >= step - ROUNDING) ?? 10 * power;
  return steps.find((candidate) => candidate >= step - ROUNDING && Number.isInteger(candidate)) ?? 1;
}

/** Everything that the axis has to hold: values, ends of intervals, and sums of stacks. */
export function collectValues({ categories, series }: ChartData): number[] {
  const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';
  const single = series.filter(({ stack }) => stack === undefined);
  const own = single.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]);
  const sums = categories.flatMap((_, index) => [...stackSums(series, index).values()]);
  return [...own, ...sums].filter(isNumber);
}

function stackSums(series: readonly ChartSeries[], index: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { stack, values } of series)
    if (stack !== undefined) sums.set(stack, (sums.get(stack) ?? 0) + (values[index] ?? 0));
  return sums;
}
