import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';

/** The first cells of the tables in a subsection of "How events are read" in docs/events.md: what is sent. */
export function readRows(heading: string): string[] {
  const text = readFileSync(path.join(ROOT, 'docs/events.md'), 'utf8');
  const section = text.split(`\n### ${heading}\n`)[1]?.split(/\n##+ /)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Sent '));
  return rows.map((row) => row.split(' | ')[0]?.slice(2).trim() ?? '');
}
