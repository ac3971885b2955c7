import styles from './chart.module.css';
import type { ChartData, ChartLook } from './chart-data.ts';
import type { ChartTheme } from './chart-theme.ts';

interface Hovered {
  dataIndex: number;
}

/** A tooltip of elements: names are texts of senders, and never become HTML. */
export function buildTooltip(data: ChartData, { format }: ChartLook, theme: ChartTheme) {
  return {
    trigger: 'axis',
    confine: true,
    axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.06 } },
    backgroundColor: theme.surface,
    borderColor: theme.border,
    textStyle: { color: theme.text, fontSize: 12 },
    formatter: (hovered: Hovered | Hovered[]) => {
      const [first] = Array.isArray(hovered) ? hovered : [hovered];
      return first ? describe(data, first.dataIndex, format) : '';
    },
  };
}

function describe(
  { categories, series }: ChartData,
  index: number,
  format: ChartLook['format'],
): HTMLElement {
  const box = element('div', styles.tooltip);
  box.append(element('strong', '', categories[index] ?? ''));
  for (const { name, values, low, high } of series) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    const [from, to] = [low?.[index], high?.[index]];
    const interval =
      typeof from === 'number' && typeof to === 'number' ? ` (${format(from)} – ${format(to)})` : '';
    const row = element('div', styles.tooltipRow);
    row.append(element('span', '', name), element('span', '', `${format(value)}${interval}`));
    box.append(row);
  }
  return box;
}

function element(tag: string, className: string | undefined, text = ''): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
