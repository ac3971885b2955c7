/** What this folder uses of a query of postgres.js. A query runs when it is awaited: then it is passed to `handler`. */
export interface DriverQuery extends Promise<unknown> {
  handler: (query: DriverQuery) => void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  executed: boolean;
  /** The template. */
  strings: object;
  /** Set if the rows are read page by page. */
  cursorFn?: unknown;
}

/** Whether the driver made a query, and not one of its helpers for identifiers, values or lists. */
export function isQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && 'handler' in value;
}
