/** What a handler answers. `T` is the type of the schema in `replies`. */
export interface Reply<T = unknown> {
  /** Default: 200. */
  status?: number;
  /** Missing where the status allows none. */
  body?: T;
  headers?: Record<string, string>;
}
