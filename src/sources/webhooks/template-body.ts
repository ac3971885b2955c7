import { isObject } from '../../domain/values/json-object.ts';
import { parseLenientJson } from '../parse-json.ts';
import type { Fields } from './json-body.ts';

/** The template of these fields, for a help desk to fill: one field a line. */
export function writeTemplate(fields: Readonly<Record<string, string>>): string {
  return JSON.stringify(fields, null, 2);
}

/**
 * The fields of a body that a help desk made of a template of ours, which has one field a line. Help desks put values in
 * as they are: a quotation mark in a subject makes the body no JSON. Such a body is read line by line, so that no ticket is
 * lost by what somebody wrote. A value that runs over several lines is absent.
 * @returns undefined if it is neither
 */
export function readTemplateBody(body: Buffer): Fields | undefined {
  const text = body.toString().replace(/^\ufeff/, '');
  try {
    const value = parseLenientJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return readLines(text);
  }
}

/** More lines, and longer ones, are no template. */
const MOST_LINES = 200;
const LONGEST_LINE = 20_000;

function readLines(text: string): Fields | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const fields = text
    .split('\n', MOST_LINES)
    .filter((line) => line.length <= LONGEST_LINE)
    .flatMap((line) => readLine(line.trim()) ?? []);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** `"subject": "{{ticket.title}}",` */
function readLine(line: string): [[string, string]] | undefined {
  const [begin = '', name] = /^"([a-z_]{1,64})" ?:/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const rest = line.slice(begin.length).trim();
  const value = rest.endsWith(',') ? rest.slice(0, -1).trimEnd() : rest;
  if (!value.includes('"')) return [[name, value]];
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return isQuoted ? [[name, value.slice(1, -1).replaceAll('\\"', '"')]] : undefined;
}
