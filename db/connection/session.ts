import { EventEmitter } from 'node:events';
import type net from 'node:net';
import postgres from 'postgres';
import type { DriverQuery } from './driver-query.ts';
import { LostConnection } from './lost-connection.ts';
import { openSocket, type ServerAddress } from './open-socket.ts';
import { addOrigin } from './query-origin.ts';
import { CONNECT_MS, type ConnectionSettings } from './settings.ts';

/** Ends a session in the server's log as intended, not as lost. */
const TERMINATE = Buffer.from([88, 0, 0, 0, 4]);
/** Time for the server to take that. */
const LAST_WORDS_MS = 1_000;

/** Sequence numbers and journey time fit a double for the next 285,000 years. */
const TYPES = { bigint: { to: 20, from: [20], parse: Number, serialize: String } };

/**
 * One connection to Postgres, from its opening to its end. It has a driver of its own, which never learns that the
 * connection has ended: the session rejects what was under way, and both are dropped.
 */
export class Session {
  readonly openedAt = Date.now();
  /** Called once, when the connection ends for whatever reason. */
  onLost: (error: LostConnection) => void = () => {};
  /** The driver, for libraries that need one. Its queries are not tracked: see {@link orLost}. */
  readonly driver: postgres.Sql;
  private lostBy: LostConnection | null = null;
  private socket: net.Socket | null = null;
  /** Runs while nothing is received, from the last byte or the first query that is under way. */
  private silence: NodeJS.Timeout | undefined;
  private readonly ending = new AbortController();
  private readonly underWay = new Set<DriverQuery>();
  private readonly waiting = new Set<(error: LostConnection) => void>();
  private readonly handToDriver: (query: DriverQuery) => void;
  private readonly settings: ConnectionSettings;

  private constructor(settings: ConnectionSettings, onNotification: (payload: string) => void) {
    this.settings = settings;
    const { name, limits, url, tls } = settings;
    this.driver = postgres(url, {
      max: 1,
      // TLS and time-outs are the session's.
      ssl: false,
      connect_timeout: 0,
      idle_timeout: 0,
      max_lifetime: 0,
      keep_alive: 0,
      onnotice: () => {},
      onnotify: (_channel: string, payload: string) => onNotification(payload),
      types: TYPES,
      connection: {
        application_name: name,
        TimeZone: 'UTC',
        // As text: postgres.js leaves a parameter out that is the number 0.
        lock_timeout: String(limits.lockMs),
        statement_timeout: String(limits.statementMs),
        idle_in_transaction_session_timeout: String(limits.idleInTransactionMs),
      },
      socket: (address: ServerAddress) => this.openWire({ ...address, ...tls }),
    } as unknown as postgres.Options<Record<string, never>>) as unknown as postgres.Sql;
    this.handToDriver = (this.driver.unsafe('') as unknown as DriverQuery).handler;
  }

  /**
   * Opens a connection and logs in.
   *
   * @throws LostConnection, or the server's refusal
   */
  static async open(
    settings: ConnectionSettings,
    onNotification: (payload: string) => void = () => {},
  ): Promise<Session> {
    const session = new Session(settings, onNotification);
    const late = setTimeout(
      () => session.lose('CONNECT_TIMEOUT', `no connection to the database within ${CONNECT_MS / 1000} s`),
      CONNECT_MS,
    );
    try {
      await session.run('select 1');
      return session;
    } catch (error) {
      session.close();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  get isLost(): boolean {
    return this.lostBy !== null;
  }

  /**
   * Sends a query after those sent before. It is rejected if the connection is lost before the answer has come.
   *
   * @param onSettled called when the answer is there, or none can come
   */
  send(query: DriverQuery, onSettled: () => void = () => {}): void {
    const { resolve, reject } = query;
    let settled = false;
    const settle = (how: (value: unknown) => void) => (value: unknown) => {
      how.call(query, value);
      if (settled) return;
      settled = true;
      this.underWay.delete(query);
      onSettled();
    };
    query.resolve = settle(resolve);
    const fail = settle(reject);
    query.reject = (error) => {
      addOrigin(error, query);
      fail(error);
    };
    if (this.lostBy) return query.reject(this.lostBy);
    if (this.underWay.size === 0) this.silence?.refresh();
    this.underWay.add(query);
    try {
      this.handToDriver(query);
    } catch (error) {
      query.reject(error);
    }
  }

  /** Runs a statement without parameters. */
  run(text: string): Promise<{ command: string }> {
    const query = this.driver.unsafe(text) as unknown as DriverQuery;
    query.handler = (started) => this.send(started);
    return query as unknown as Promise<{ command: string }>;
  }

  /** The work's result. Rejects at once if the connection is lost meanwhile. */
  orLost<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.lostBy) return reject(this.lostBy);
      this.waiting.add(reject);
      Promise.resolve()
        .then(work)
        .then(resolve, reject)
        .finally(() => this.waiting.delete(reject));
    });
  }

  /** Forgets queries that will never be asked for their next page, at the end of a transaction. */
  forgetPages(): void {
    for (const query of this.underWay) if (query.cursorFn) this.underWay.delete(query);
  }

  /** Ends the connection. What is under way is rejected. */
  close(): void {
    this.lose('CONNECTION_ENDED', 'the connection to the database was closed by this process');
  }

  private lose(code: LostConnection['code'], message: string, cause?: unknown): void {
    if (this.lostBy) return;
    const error = new LostConnection(code, message, cause === undefined ? {} : { cause });
    this.lostBy = error;
    clearTimeout(this.silence);
    if (code === 'CONNECTION_ENDED' && this.socket) {
      const { socket } = this;
      socket.setTimeout(LAST_WORDS_MS, () => socket.destroy()).end(TERMINATE);
    } else this.ending.abort(error);
    for (const query of this.underWay) {
      // A query that is read page by page must fail at its next page, not seem to have ended.
      query.executed = false;
      query.handler = (again) => again.reject(error);
      query.reject(error);
    }
    this.underWay.clear();
    for (const reject of this.waiting) reject(error);
    this.waiting.clear();
    this.onLost(error);
  }

  /** Opens the socket and gives the driver a wire. If it can't be opened, the driver waits forever and is dropped. */
  private openWire(address: ServerAddress): Promise<Wire> {
    return new Promise((resolve) => {
      openSocket(address, this.ending.signal).then(
        (socket) => {
          this.watch(socket);
          resolve(new Wire(socket));
        },
        (error: Error) => this.lose('CONNECTION_CLOSED', describeError(error), error),
      );
    });
  }

  private watch(socket: net.Socket): void {
    this.socket = socket;
    const { silenceMs } = this.settings.limits;
    if (silenceMs > 0) {
      const end = () => {
        const isIdle = this.underWay.size === 0 && this.waiting.size === 0;
        if (isIdle) this.close();
        else this.lose('CONNECTION_SILENT', `the database was silent for ${silenceMs / 1000} s`);
      };
      this.silence = setTimeout(end, silenceMs).unref();
      socket.on('data', () => this.silence?.refresh());
    }
    let cause: Error | undefined;
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('close', () =>
      this.lose(
        'CONNECTION_CLOSED',
        cause ? describeError(cause) : 'the database closed the connection',
        cause,
      ),
    );
  }
}

/** What the driver has in place of a socket. It never ends and never fails: only the session hears of that. */
class Wire extends EventEmitter {
  private readonly socket: net.Socket;

  constructor(socket: net.Socket) {
    super();
    this.socket = socket;
    socket.on('data', (bytes) => this.emit('data', bytes));
    socket.on('drain', () => this.emit('drain'));
  }

  write(bytes: Uint8Array, done?: () => void): boolean {
    return this.socket.destroyed || this.socket.write(bytes, done);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** An error that names no message, such as one of several addresses, names its code. */
function describeError(error: Error): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `no connection to the database: ${message || code || error.name}`;
}
