/** A row of a file. Values of CSV are texts; those of NDJSON may be anything, with nested ones as `address.city`. */
export interface Row {
  /** The line on which it begins, from 1. */
  line: number;
  values: Record<string, unknown>;
}

/** What can't be imported, and why. */
export interface BadRow {
  line: number;
  reason: string;
  /** The row as it was read, or the text of its line. */
  row: unknown;
}

export type RowItem = Row | BadRow;

/** Longer rows are not read: in CSV a quote was not closed. An event has at most 32 KB. */
export const MAX_ROW_BYTES = 256 * 1024;
/** Characters that are kept of a row that can't be read. */
export const KEPT_CHARS = 500;
/** What stands for bytes that are no text. */
export const NOT_UTF8 = '\ufffd';

export function isBad<T extends object>(item: T | BadRow): item is BadRow {
  return 'reason' in item;
}
