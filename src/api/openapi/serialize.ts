import { openApiDocument } from './document.ts';

/** Deeper lines are indented no further: the document has a limit of bytes. */
const WIDEST_INDENT = 1;

/** Levels that are broken into lines: each response of an operation and each property of a schema gets a line. */
const BROKEN_LEVELS = 5;

/** The exact text of the committed `openapi.json`: line by line where changes are reviewed, compact below. */
export function serializeOpenApi(): string {
  return `${format(openApiDocument(), 0)}\n`;
}

function format(value: unknown, level: number): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || level >= BROKEN_LEVELS)
    return JSON.stringify(value);
  const indent = (depth: number) => ' '.repeat(Math.min(depth, WIDEST_INDENT));
  const members = Object.entries(value).map(
    ([key, member]) => `${indent(level + 1)}${JSON.stringify(key)}:${format(member, level + 1)}`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent(level)}}`;
}
