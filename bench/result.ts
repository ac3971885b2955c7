/** One line of the table. */
export interface Result {
  part: string;
  measure: string;
  ours: number;
  /** The result of the floor on the same machine; null without a floor. */
  floor: number | null;
  unit: string;
  ratio: number | null;
  goal: { at: 'least' | 'most'; value: number } | null;
}

/** Whether a result reaches its goal; null without a goal. Without a floor the value itself is compared. */
export function compareWithGoal({ ratio, ours, goal }: Result): 'met' | 'not met' | null {
  if (!goal) return null;
  const value = ratio ?? ours;
  return (goal.at === 'least' ? value >= goal.value : value <= goal.value) ? 'met' : 'not met';
}

/** Formats the results as a Markdown table, aligned for a terminal. */
export function formatResults(results: Result[]): string {
  const rows = [
    ['', 'what', 'ours', 'floor', 'ratio', 'goal', 'verdict'],
    ...results.map((result) => [
      result.part,
      result.measure,
      `${number(result.ours)} ${result.unit}`,
      result.floor === null ? '' : `${number(result.floor)} ${result.unit}`,
      result.ratio === null ? '' : result.ratio.toFixed(2),
      result.goal ? `${result.goal.at === 'least' ? '≥' : '≤'} ${result.goal.value}` : '',
      compareWithGoal(result) ?? '',
    ]),
  ];
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => (column === 0 || column === 1 || column === 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column > 1 && column < 6 ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(rows[0] as string[]), rule, ...rows.slice(1).map(line)].join('\n');
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const digits = Math.abs(value) >= 100 ? 0 : 1;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
