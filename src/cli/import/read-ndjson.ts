import { isObject } from '../../domain/values/json-object.ts';
import { KEPT_CHARS, MAX_ROW_BYTES, NOT_UTF8, type RowItem } from './row.ts';

/** Objects within a row are read to this depth; deeper ones stay values. */
const FLATTENED = 4;

/**
 * Reads a file with one JSON object a line. A bad line costs no other.
 * @param chunks UTF-8 without a byte order mark
 */
export async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncGenerator<RowItem> {
  let line = 0;
  for await (const text of splitLines(chunks)) {
    line += 1;
    if (text !== null && text.trim() === '') continue;
    yield text === null
      ? { line, reason: `is longer than ${MAX_ROW_BYTES / 1024} KB`, row: null }
      : parseLine(line, text);
  }
}

function parseLine(line: number, text: string): RowItem {
  const row = text.slice(0, KEPT_CHARS);
  if (text.includes(NOT_UTF8)) return { line, reason: 'has bytes that are no UTF-8: say --encoding', row };
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return { line, reason: 'is no JSON object', row };
    return { line, values: flatten(value) };
  } catch (error) {
    return { line, reason: `is no JSON: ${(error as Error).message.slice(0, 100)}`, row };
  }
}

/** Adds what is within objects under its path, such as `address.city`. */
function flatten(value: Record<string, unknown>, prefix = '', depth = 1): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    flat[`${prefix}${name}`] = member;
    if (isObject(member) && depth < FLATTENED)
      Object.assign(flat, flatten(member, `${prefix}${name}.`, depth + 1));
  }
  return flat;
}

/** The lines of a text; null for one that is too long. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string | null> {
  let parts: Buffer[] = [];
  let length = 0;
  const finish = () => {
    const text = length > MAX_ROW_BYTES ? null : Buffer.concat(parts).toString();
    parts = [];
    length = 0;
    return text;
  };
  const keep = (part: Buffer) => {
    length += part.length;
    if (length <= MAX_ROW_BYTES) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    keep(chunk.subarray(from));
  }
  if (length > 0) yield finish();
}
