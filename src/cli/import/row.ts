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

export function isBad<T extends object>(item: T | BadRow): item is BadRow {
  return 'reason' in item;
}
