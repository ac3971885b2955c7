import { UserError } from '../../user-error.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import { KEPT_CHARS, NOT_UTF8, type RowItem } from './row.ts';

const DELIMITERS = [',', ';', '\t', '|'];

export interface CsvOptions {
  /** Found in the first line if it is missing. */
  delimiter?: string | undefined;
  /** Names of the columns, for a file without a header. */
  columns?: string[] | undefined;
}

/**
 * Reads a CSV file with its header. A row that can't be read costs no other: after a quote that is never closed, reading
 * goes on with the next line.
 *
 * @param chunks UTF-8 without a byte order mark
 * @throws UserError if the header can't be used
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  options: CsvOptions = {},
): AsyncGenerator<RowItem> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) throw new UserError('the file is empty');
  const { delimiter, skipped } = readDialect(first.value, options.delimiter);
  const records = readRecords(prepend(first.value.subarray(skipped), source), delimiter, skipped > 0 ? 2 : 1);
  let columns = options.columns && checkColumns(options.columns);
  for await (const record of records) {
    if ('reason' in record) {
      if (!columns) throw new UserError(`line ${record.line}, the header, ${record.reason}`);
      yield record;
      continue;
    }
    const { cells } = record;
    if (cells.length === 1 && (cells[0] as string).trim() === '') continue;
    if (columns) yield toRow(record, columns);
    else columns = checkColumns(cells);
  }
  if (!columns) throw new UserError('the file has no header');
}

function toRow({ line, lastLine, cells }: CsvRecord, columns: string[]): RowItem {
  if (cells.length !== columns.length) {
    const lines = lastLine > line ? `, on lines ${line} to ${lastLine}: is a quote not closed?` : '';
    const reason = `has ${cells.length} columns where the header has ${columns.length}${lines}`;
    return { line, reason, row: cells.join(' | ').slice(0, KEPT_CHARS) };
  }
  const values: Record<string, string> = {};
  for (const [n, name] of columns.entries()) {
    const cell = cells[n] as string;
    if (cell.includes(NOT_UTF8))
      return {
        line,
        reason: `has bytes in the column ${name} that are no UTF-8: say --encoding`,
        row: cells,
      };
    values[name] = cell;
  }
  return { line, values };
}

function checkColumns(header: string[]): string[] {
  const columns = header.map((name) => name.trim());
  const twice = columns.find((name, n) => columns.indexOf(name) !== n);
  if (twice !== undefined) throw new UserError(`the header names the column "${twice}" twice: use --columns`);
  if (columns.some((name) => name.includes(NOT_UTF8)))
    throw new UserError('the header has bytes that are no UTF-8: say --encoding, such as windows-1252');
  return columns;
}

/** The delimiter that the header has most often; a first line such as `sep=;`, as Excel writes it, says it. */
function readDialect(chunk: Buffer, named?: string): { delimiter: string; skipped: number } {
  const head = chunk.subarray(0, 64 * 1024).toString();
  const [said, separator] = /^"?sep=(.)"?\r?\n/.exec(head) ?? [];
  if (said !== undefined)
    return { delimiter: named ?? (separator as string), skipped: Buffer.byteLength(said) };
  if (named !== undefined) return { delimiter: named, skipped: 0 };
  const line = (head.split(/\r?\n/)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return { delimiter: DELIMITERS[counts.indexOf(Math.max(...counts))] as string, skipped: 0 };
}

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
