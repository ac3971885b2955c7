import { type Listener, listen } from './connection/listener.ts';
import { LostConnection } from './connection/lost-connection.ts';
import { Pool, type PoolUse } from './connection/pool.ts';
import { ADMINISTRATION, ORDINARY, readSettings } from './connection/settings.ts';
import { createTag, type Tx } from './connection/tagged-sql.ts';
import { runTransaction } from './connection/transaction.ts';

export type { Tx } from './connection/tagged-sql.ts';

/** A pool: each query runs on whichever connection is free. */
export interface Sql extends Tx {
  /**
   * Runs `work` in a transaction on one connection, and commits it. If it throws, or any of its queries fails, it is
   * rolled back.
   */
  begin<T>(work: (tx: Tx) => Promise<T> | T): Promise<T>;
}

export interface Database {
  sql: Sql;
  /** The same for statements that may take minutes, on connections of their own: see {@link connectAdministration}. */
  administration: Sql;
  /** Receives the notifications of a channel on a connection of its own; `onListening` is called for each new one. */
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onListening?: () => void,
  ): Promise<Listener>;
  /** How busy the pools are. */
  readPoolUse(): Record<'ordinary' | 'administration', PoolUse>;
  /** Ends all connections, after work that is under way. */
  close(): Promise<void>;
}

const ADMINISTRATION_CONNECTIONS = 2;

interface PoolOptions {
  /** Connections at most. */
  max?: number;
  /** The name that `pg_stat_activity` shows. */
  name?: string;
}

/**
 * Opens a pool for ordinary work. Statements end within 8 s, and a connection that is silent for 10 s is given up: the
 * server's own time-outs can't fire when the network drops packets. Connections are made when they are needed; after an
 * outage the pool works again within a second or two.
 */
export function openDatabase(url: string, options: PoolOptions = {}): Database {
  const { max, name } = { max: 10, name: 'throughline', ...options };
  const settings = readSettings(url, name, ORDINARY);
  const ordinary = new Pool(settings, max);
  const administration = openAdministration(url, `${name}-administration`);
  return {
    sql: createSql(ordinary),
    administration: createSql(administration),
    listen: (...args) => listen(settings, ...args),
    readPoolUse: () => ({ ordinary: ordinary.use, administration: administration.use }),
    async close() {
      await Promise.all([ordinary.close(), administration.close()]);
    },
  };
}

/**
 * Opens a small pool for administrative statements alone, which may take minutes: migrations, the epoch after a restore,
 * erasures, updates of whole tables. They have no time-out, and never take a connection of ordinary work.
 */
export function connectAdministration(
  url: string,
  { name = 'throughline-administration' }: Pick<PoolOptions, 'name'> = {},
): Pick<Database, 'sql' | 'close'> {
  const pool = openAdministration(url, name);
  return { sql: createSql(pool), close: () => pool.close() };
}

function openAdministration(url: string, name: string): Pool {
  return new Pool(readSettings(url, name, ADMINISTRATION), ADMINISTRATION_CONNECTIONS);
}

function createSql(pool: Pool): Sql {
  const tag = createTag((query) => {
    // Its pages would be read on a connection that others use meanwhile.
    if (query.cursorFn) return query.reject(new Error('a cursor needs a transaction'));
    pool.lend(
      (session) => session.send(query, () => pool.release(session)),
      (error) => query.reject(error),
    );
  });
  return Object.assign(tag, {
    begin: <T>(work: (tx: Tx) => Promise<T> | T) => runTransaction(pool, work),
  });
}

/**
 * Whether the database, or the connection to it, is at fault: it is away, shutting down, has no room, fails to read or
 * write its files, or is read-only (25006), as a standby is, and as some hosts make a server whose disk is full.
 */
export function isUnavailable(error: unknown): boolean {
  return error instanceof LostConnection || /^(08|53|57|58|25006)/.test(codeOf(error));
}

/** Whether the database has no space left on its disk, as the error or anything that caused it says. */
export function isStorageFull(error: unknown): boolean {
  for (
    let part = error;
    typeof part === 'object' && part !== null;
    part = (part as { cause?: unknown }).cause
  )
    if (codeOf(part) === '53100') return true;
  return false;
}

/** Whether the same transaction can be retried: serialization failure, deadlock or lock time-out. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes(codeOf(error));
}

/**
 * Whether the data caused the error (22xxx, 23xxx, and 54xxx: too large to store), not the connection or the server.
 */
export function isDataFault(error: unknown): boolean {
  return /^(2[23]|54)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
