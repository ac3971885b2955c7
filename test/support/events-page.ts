import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';

/** A row of a table in docs/events.md: what a sender sends, how it is understood, and where that is seen. */
export interface EventRule {
  sent: string;
  understood: string;
  shown: string;
}

interface Table {
  head: string[];
  rows: string[][];
}

/** The page of most rules. */
const EVENTS = 'docs/events.md';

/**
 * The tables below a heading of a page. Tests use the rows as their data, so that the page and the product cannot differ.
 *
 * @throws Error when the page has no such heading, or no table below it
 */
function readTables(heading: string, page = EVENTS): Table[] {
  const section =
    readFileSync(path.join(ROOT, page), 'utf8')
      .split(/^#{2,3} /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const tables = section
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((lines) => lines.length > 2)
    .map(([head, , ...rows]) => ({ head: splitCells(head as string), rows: rows.map(splitCells) }));
  if (tables.length === 0) throw new Error(`${page} has no table below the heading "${heading}"`);
  return tables;
}

function splitCells(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The first cells of all rows below a heading: what is sent. */
export function listSent(heading: string, page = EVENTS): string[] {
  return readTables(heading, page).flatMap(({ rows }) => rows.map(([first = '']) => first));
}

/** All rows below a heading. */
export function readEventRules(heading: string): EventRule[] {
  return readTables(heading).flatMap(({ rows }) =>
    rows.map(([sent = '', understood = '', shown = '']) => ({ sent, understood, shown })),
  );
}

/**
 * The rows of one table, without the backticks around a whole cell.
 * @param first heading of the table's first column
 */
export function readDocTable(heading: string, first = 'Sent', page = EVENTS): string[][] {
  const table = readTables(heading, page).find(({ head }) => head[0] === first);
  if (!table) throw new Error(`${page} has no table of "${first}" below the heading "${heading}"`);
  return table.rows.map((row) => row.map((cell) => cell.replace(/^`([^`]*)`$/, '$1')));
}
