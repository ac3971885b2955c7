import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';

/**
 * The rows of a table in docs/events.md, as their cells without the backticks around the whole cell. A test uses them as
 * its data, so that a page and the product can't differ.
 * @param section heading of the subsection, such as `Times and dates`
 * @param first heading of the table's first column
 */
export function readDocTable(section: string, first = 'Sent'): string[][] {
  const page = readFileSync(path.join(ROOT, 'docs/events.md'), 'utf8');
  const text = page.split(/^### /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const lines = text.split(/^## /m)[0]?.split('\n') ?? [];
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  const after = lines.slice(start + 2);
  const end = after.findIndex((line) => !line.startsWith('|'));
  return start === -1 ? [] : after.slice(0, end === -1 ? undefined : end).map(readCells);
}

function readCells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}
