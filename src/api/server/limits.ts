/** What clients may take of the HTTP server. */
export interface HttpLimits {
  /** Connections that are open at once. */
  connections: number;
  /** Connections that are open at once from one address. */
  connectionsPerAddress: number;
  /** Requests of one connection that wait for the answer before them. */
  pipelined: number;
  /** Milliseconds after which a client that takes no answer is cut off. */
  writeMs: number;
  /** Bytes of answers that wait for clients, in all connections together. */
  bufferedBytes: number;
  /** Bytes of request bodies that are being received, in all connections together. */
  bodyBytes: number;
}

/** Enough for a proxy with a large pool, and small enough that clients who never read take less than 300 MB. */
export const DEFAULT_LIMITS: HttpLimits = {
  connections: 5_000,
  connectionsPerAddress: 2_000,
  pipelined: 10,
  writeMs: 10_000,
  bufferedBytes: 64_000_000,
  bodyBytes: 128_000_000,
};
