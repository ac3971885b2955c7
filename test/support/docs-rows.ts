import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';

/** First cells of the rows of the table below a heading of docs/events.md, without the heads of the table. */
export function listDocumentedRows(heading: string): string[] {
  const text = readFileSync(path.join(ROOT, 'docs/events.md'), 'utf8');
  const section = text.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| ([^|]+?) \|/gm)].map((row) => row[1] as string);
  return rows.filter((cell) => !/^-+$/.test(cell)).slice(1);
}
