/** What a handler answers. `T` is the type of the schema in `replies`. */
export interface Reply<T = unknown> {
  /** Default: 200. */
  status?: number;
  /** Missing where the status allows none. */
  body?: T;
  /** The body as JSON text, in pieces, where it may be large. */
  stream?: AsyncGenerator<string>;
  /** The body as text of another type than JSON. */
  text?: { type: string; content: string };
  headers?: Record<string, string>;
}
