import postgres from 'postgres';
import type { ServerAddress } from './open-socket.ts';

/** How long one statement, one lock and the server's silence may take. */
export interface TimeLimits {
  statementMs: number;
  lockMs: number;
  /** After this time without a byte a connection counts as dead. 0: never; TCP's keep-alive finds out. */
  silenceMs: number;
  /** How long a transaction may wait for its next statement. */
  idleInTransactionMs: number;
  /** How long work waits for a connection. */
  waitMs: number;
}

/** Ordinary work. Statements end before their connection would count as dead. */
export const ORDINARY: TimeLimits = {
  statementMs: 8_000,
  lockMs: 2_000,
  silenceMs: 10_000,
  idleInTransactionMs: 5_000,
  waitMs: 10_000,
};

/** Long statements end by themselves; only waiting for a lock is limited, since another process may hold it for any time. */
export const ADMINISTRATION: TimeLimits = {
  statementMs: 0,
  lockMs: 60_000,
  silenceMs: 0,
  idleInTransactionMs: 60_000,
  waitMs: 60_000,
};

/** What every connection of a pool has in common. */
export interface ConnectionSettings {
  url: string;
  /** The name that `pg_stat_activity` shows. */
  name: string;
  limits: TimeLimits;
  /** `sslmode` and `sslnegotiation` of the URL. */
  tls: Pick<ServerAddress, 'ssl' | 'sslnegotiation'>;
}

/** Time within which a connection must be made, TLS and log-in included. */
export const CONNECT_MS = 5_000;

/** Settings for a URL, which the driver reads. Nothing is connected. */
export function readSettings(url: string, name: string, limits: TimeLimits): ConnectionSettings {
  const { ssl, sslnegotiation } = postgres(url, { max: 1 }).options as unknown as ServerAddress;
  return { url, name, limits, tls: { ssl, sslnegotiation } };
}
