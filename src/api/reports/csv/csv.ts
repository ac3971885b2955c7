/** A value of a table. Null is an empty cell. */
export type Cell = string | number | boolean | null;

/** A table with named columns. Every row has the same columns. */
export type CsvRow = Record<string, Cell>;

/**
 * A table as CSV (RFC 4180). Texts that a spreadsheet would run as a formula begin with an apostrophe: names of actions
 * and reasons come from other systems.
 */
export function writeCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))];
  return lines.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('');
}

/** What begins a formula in Excel, LibreOffice or Google Sheets, also behind white space. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function writeCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) || /^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
