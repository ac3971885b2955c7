import net from 'node:net';
import postgres from 'postgres';

/** No query of this product takes longer, so a connection that is silent for this long is dead. */
const SILENCE_MS = 10_000;

export type Sql = postgres.Sql;
/** A transaction or the pool: what a query runs on. */
export type Tx = postgres.TransactionSql | postgres.Sql;

export interface Database {
  sql: Sql;
  close(): Promise<void>;
}

/** How long one statement, one lock and the server's silence may take. */
interface TimeLimits {
  statementMs: number;
  lockMs: number;
  /** After this time without a byte a connection counts as dead. 0: never, TCP's keep-alive finds out. */
  silenceMs: number;
  /** How long a transaction may wait for its next statement. */
  idleInTransactionMs: number;
}

const ORDINARY: TimeLimits = {
  statementMs: 8_000,
  lockMs: 2_000,
  silenceMs: SILENCE_MS,
  idleInTransactionMs: 5_000,
};

/** Long statements end by themselves; only waiting for a lock is limited, since other processes may hold it for ever. */
const ADMINISTRATION: TimeLimits = {
  statementMs: 0,
  lockMs: 60_000,
  silenceMs: 0,
  idleInTransactionMs: 60_000,
};

/**
 * Opens a pool. postgres.js has no time-out for a query, and the time-out of the server cannot fire when the network
 * drops packets. So the socket has a time-out, after which the pool reconnects.
 */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  return openPool(url, { max: options.max ?? 10, name: options.name ?? 'throughline' }, ORDINARY);
}

/**
 * Opens a small pool for administrative statements, which may take minutes: migrations, the epoch after a restore,
 * erasures, exports, updates of whole tables. They have no time-out, and never take a connection of ordinary work.
 */
export function connectAdministration(url: string, options: { max?: number; name?: string } = {}): Database {
  return openPool(
    url,
    { max: options.max ?? 2, name: options.name ?? 'throughline-administration' },
    ADMINISTRATION,
  );
}

function openPool(url: string, { max, name }: { max: number; name: string }, limits: TimeLimits): Database {
  const sql = postgres(url, {
    max,
    connect_timeout: 5,
    idle_timeout: 0,
    keep_alive: 10,
    onnotice: () => {},
    // Sequence numbers and journey time fit a double for the next 285,000 years.
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
    connection: {
      application_name: name,
      TimeZone: 'UTC',
      // As text: postgres.js leaves a parameter out that is the number 0.
      lock_timeout: String(limits.lockMs),
      statement_timeout: String(limits.statementMs),
      idle_in_transaction_session_timeout: String(limits.idleInTransactionMs),
    },
    socket: ({ host, port, path }: { host: string[]; port: number[]; path?: string }) =>
      new Promise<net.Socket>((resolve, reject) => {
        const socket = path
          ? net.connect(path)
          : net.connect({ host: host[0] as string, port: port[0] as number, noDelay: true });
        if (limits.silenceMs > 0)
          socket.setTimeout(limits.silenceMs, () =>
            socket.destroy(new Error('the database was silent for 10 s')),
          );
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      }),
  } as unknown as postgres.Options<{ bigint: postgres.PostgresType<number> }>) as unknown as Sql;
  return { sql, close: () => sql.end({ timeout: 5 }) };
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
