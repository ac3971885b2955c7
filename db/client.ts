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

/**
 * Opens a pool. postgres.js has no time-out for a query, and the time-out of the server cannot fire when the network
 * drops packets. So the socket has a time-out, after which the pool reconnects.
 */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const sql = postgres(url, {
    max: options.max ?? 10,
    connect_timeout: 5,
    idle_timeout: 0,
    onnotice: () => {},
    // Sequence numbers and journey time fit a double for the next 285,000 years.
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
    connection: {
      application_name: options.name ?? 'throughline',
      TimeZone: 'UTC',
      lock_timeout: 2_000,
      statement_timeout: 8_000,
      idle_in_transaction_session_timeout: 5_000,
    },
    socket: ({ host, port, path }: { host: string[]; port: number[]; path?: string }) =>
      new Promise<net.Socket>((resolve, reject) => {
        const socket = path
          ? net.connect(path)
          : net.connect({ host: host[0] as string, port: port[0] as number, noDelay: true });
        socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('the database was silent for 10 s')));
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
