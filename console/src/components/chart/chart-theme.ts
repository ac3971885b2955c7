/** The colours of a chart, as the tokens say in the current theme. */
export interface ChartTheme {
  series: readonly string[];
  muted: string;
  text: string;
  textMuted: string;
  border: string;
  surface: string;
  font: string;
}

const SERIES = [1, 2, 3, 4, 5, 6].map((n) => `--series-${n}`);

/** Reads the tokens at an element. A probe resolves `light-dark()`, which the value of a property still contains. */
export function readChartTheme(element: Element): ChartTheme {
  const probe = document.createElement('span');
  element.append(probe);
  const color = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    series: SERIES.map(color),
    muted: color('--border-strong'),
    text: color('--text'),
    textMuted: color('--text-muted'),
    border: color('--border'),
    surface: color('--surface-raised'),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return theme;
}
