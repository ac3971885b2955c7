import { openText, readHead } from './open-text.ts';
import { type CsvOptions, readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';
import type { RowItem } from './row.ts';

export type Format = 'csv' | 'ndjson';

export interface ReadOptions extends CsvOptions {
  format?: Format | undefined;
  encoding?: string | undefined;
}

/** The rows of a file, in its order. */
export async function* readRows(file: string, options: ReadOptions): AsyncGenerator<RowItem> {
  const format = options.format ?? (await findFormat(file));
  const text = openText(file, options.encoding);
  yield* format === 'csv' ? readCsv(text, options) : readNdjson(text);
}

/** By the name of the file, else by its first character. */
async function findFormat(file: string): Promise<Format> {
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'ndjson';
  if (/\.(csv|tsv|txt)$/i.test(file)) return 'csv';
  const head = (await readHead(file, 64)).toString().replace(/^\ufeff/, '');
  return head.trimStart().startsWith('{') ? 'ndjson' : 'csv';
}
