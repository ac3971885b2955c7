import type { ChartData, ChartLook, ChartSeries } from './chart-data.ts';
import type { ChartTheme } from './chart-theme.ts';
import { buildTooltip } from './chart-tooltip.ts';

type Option = Record<string, unknown>;

/** What ECharts draws for the data. */
export function buildChartOption(
  data: ChartData,
  look: ChartLook,
  theme: ChartTheme,
  motion: { animated: boolean },
): Option {
  const { horizontal = false } = look;
  const names = categoryAxis(data, theme, horizontal);
  const values = valueAxis(look, theme);
  return {
    animation: motion.animated,
    animationDuration: 240,
    textStyle: { fontFamily: theme.font, color: theme.text },
    grid: { left: 4, right: 16, top: data.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, data: data.series.map(({ name }) => name), ...legendOf(theme) },
    tooltip: buildTooltip(data, look, theme),
    xAxis: horizontal ? values : names,
    yAxis: horizontal ? names : values,
    series: data.series.flatMap((series, index) =>
      seriesOf(series, colorOf(series, index, theme), horizontal),
    ),
  };
}

function legendOf(theme: ChartTheme): Option {
  return {
    type: 'scroll',
    left: 0,
    top: 0,
    itemWidth: 14,
    itemHeight: 10,
    icon: 'roundRect',
    textStyle: { color: theme.textMuted, fontSize: 12 },
  };
}

function categoryAxis({ categories }: ChartData, theme: ChartTheme, horizontal: boolean): Option {
  return {
    type: 'category',
    data: [...categories],
    inverse: horizontal,
    axisLine: { lineStyle: { color: theme.border } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.textMuted,
      fontSize: 12,
      hideOverlap: true,
      ...(horizontal ? { width: 140, overflow: 'truncate' } : {}),
    },
  };
}

function valueAxis({ max, formatAxis }: ChartLook, theme: ChartTheme): Option {
  return {
    type: 'value',
    ...(max === undefined ? {} : { max }),
    splitNumber: 4,
    splitLine: { lineStyle: { color: theme.border } },
    axisLabel: {
      color: theme.textMuted,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => formatAxis(value),
    },
  };
}

function colorOf({ color }: ChartSeries, index: number, { series, muted }: ChartTheme): string {
  if (color === 'muted') return muted;
  return series[color === undefined ? index % series.length : color - 1] as string;
}

function seriesOf(series: ChartSeries, color: string, horizontal: boolean): Option[] {
  const { id, name, kind = 'bar', values, dashed, stack, low, high } = series;
  const common = { id, name, data: values, itemStyle: { color }, ...(stack ? { stack } : {}) };
  if (kind === 'line') {
    const line = {
      ...common,
      type: 'line',
      showSymbol: values.length < 32,
      symbolSize: 6,
      lineStyle: { color, width: 2, type: dashed ? 'dashed' : 'solid' },
      ...(stack ? { areaStyle: { opacity: 0.18 } } : {}),
    };
    return low && high ? [...bandOf(series, color), line] : [line];
  }
  const bar = { ...common, type: 'bar', barMaxWidth: 28, itemStyle: { color, borderRadius: 2 } };
  return low && high ? [bar, whiskersOf(series, color, horizontal)] : [bar];
}

/** The area between `low` and `high`: an invisible line, and the difference stacked on it. */
function bandOf({ id, low = [], high = [] }: ChartSeries, color: string): Option[] {
  const hidden = {
    type: 'line',
    stack: `${id}-band`,
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
  };
  const difference = high.map((value, index) => {
    const from = low[index];
    return value === null || from === null || from === undefined ? null : value - from;
  });
  return [
    { ...hidden, id: `${id}-low`, data: low },
    { ...hidden, id: `${id}-high`, data: difference, areaStyle: { color, opacity: 0.16 } },
  ];
}

interface Point {
  coord(value: [number, number]): [number, number];
  value(dimension: number): number;
}

/** A line from `low` to `high` with short ends, across the bar. */
function whiskersOf({ id, low = [], high = [] }: ChartSeries, color: string, horizontal: boolean): Option {
  return {
    id: `${id}-interval`,
    type: 'custom',
    silent: true,
    z: 5,
    data: low.flatMap((from, index) => {
      const to = high[index];
      return from === null || to === null || to === undefined ? [] : [[index, from, to]];
    }),
    renderItem: (_: unknown, api: Point) => {
      const [index, from, to] = [api.value(0), api.value(1), api.value(2)];
      const at = (value: number): [number, number] => api.coord(horizontal ? [value, index] : [index, value]);
      const end = ([x, y]: [number, number]) =>
        horizontal ? { x1: x, y1: y - 4, x2: x, y2: y + 4 } : { x1: x - 4, y1: y, x2: x + 4, y2: y };
      const [a, b] = [at(from), at(to)];
      const style = { stroke: color, lineWidth: 1.5 };
      return {
        type: 'group',
        children: [
          { type: 'line', shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style },
          { type: 'line', shape: end(a), style },
          { type: 'line', shape: end(b), style },
        ],
      };
    },
  };
}
