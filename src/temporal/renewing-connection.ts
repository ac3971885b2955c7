import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type ConnectionLike = Client['connection'];
type Service = ConnectionLike['workflowService'];

/** Time for a call that states no deadline of its own. Without one, a call into a dead network would never end. */
const CALL_MS = 8_000;
/** Calls that are under way on a connection that was replaced may still end. */
const CLOSE_AFTER_MS = 15_000;

/** Codes of gRPC. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/**
 * The defaults would wait for up to two minutes before the next try, and notice a dead connection only after 45 s. Temporal
 * refuses clients that ping more often than every ten seconds.
 */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 12_000,
  'grpc.keepalive_timeout_ms': 4_000,
  // Otherwise a new connection to the same address would share the sockets of the dead one.
  'grpc.use_local_subchannel_pool': 1,
};

/** Callers repeat their calls themselves, and learn within two seconds that a server refuses connections. */
const RETRY = makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4 }));

/** What applies to the calls of a scope. */
interface CallScope {
  deadline?: number | Date;
  metadata?: Parameters<ConnectionLike['withMetadata']>[0];
  signal?: AbortSignal;
}

/**
 * A connection that survives an outage of any kind. It connects when first used. Every call has a deadline, and when a
 * call had no answer while no other call had one either, the next calls use a new connection: packets of the old one may
 * be lost forever, although the server is back.
 */
export class RenewingConnection implements ConnectionLike {
  readonly plugins = [];
  readonly workflowService: Service;
  readonly operatorService: ConnectionLike['operatorService'];
  private current: Connection;
  private answeredAt = 0;
  private readonly scope = new AsyncLocalStorage<CallScope>();
  private readonly options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.options = {
      interceptors: [RETRY],
      ...options,
      channelArgs: { ...CHANNEL, ...options.channelArgs },
    };
    this.current = Connection.lazy(this.options);
    this.workflowService = this.forward((connection) => connection.workflowService);
    this.operatorService = this.forward((connection) => connection.operatorService);
  }

  ensureConnected(): Promise<void> {
    return this.current.ensureConnected();
  }

  close(): Promise<void> {
    return this.current.close();
  }

  withDeadline<R>(deadline: number | Date, work: () => Promise<R>): Promise<R> {
    return this.scope.run({ ...this.scope.getStore(), deadline }, work);
  }

  withMetadata<R>(metadata: CallScope['metadata'] & {}, work: () => Promise<R>): Promise<R> {
    const outer = this.scope.getStore();
    return this.scope.run({ ...outer, metadata: { ...outer?.metadata, ...metadata } }, work);
  }

  withAbortSignal<R>(signal: AbortSignal, work: () => Promise<R>): Promise<R> {
    return this.scope.run({ ...this.scope.getStore(), signal }, work);
  }

  /** A service whose methods run on the connection of the moment. */
  private forward<S extends object>(select: (connection: Connection) => S): S {
    return new Proxy({} as S, {
      get: (_, name) => {
        if (typeof name === 'symbol' || name === 'then') return undefined;
        return (request: unknown) =>
          this.call((connection) => {
            const service = select(connection) as Record<string, (request: unknown) => Promise<unknown>>;
            return (service[name] as (request: unknown) => Promise<unknown>).call(service, request);
          });
      },
    });
  }

  private async call<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const connection = this.current;
    const { deadline = Date.now() + CALL_MS, metadata, signal } = this.scope.getStore() ?? {};
    let run = () => connection.withDeadline(deadline, () => work(connection));
    if (metadata) run = within(run, (inner) => connection.withMetadata(metadata, inner));
    if (signal) run = within(run, (inner) => connection.withAbortSignal(signal, inner));
    const since = Date.now();
    try {
      const answer = await run();
      this.answeredAt = Date.now();
      return answer;
    } catch (error) {
      const { code } = error as { code?: number };
      // Any other code is an answer of the server.
      if (![CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE].includes(Number(code))) this.answeredAt = Date.now();
      else if (code === DEADLINE_EXCEEDED && this.answeredAt < since) this.renew(connection);
      throw error;
    }
  }

  private renew(dead: Connection): void {
    if (this.current !== dead) return;
    this.current = Connection.lazy(this.options);
    setTimeout(() => dead.close().catch(() => {}), CLOSE_AFTER_MS).unref();
  }
}

function within<R>(run: () => Promise<R>, wrap: (run: () => Promise<R>) => Promise<R>): () => Promise<R> {
  return () => wrap(run);
}

/** Whether a call failed because Temporal is away or silent, and not because of what it asked. */
export function isTemporalAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code } = cause as { code?: unknown };
    if (code === DEADLINE_EXCEEDED || code === UNAVAILABLE) return true;
  }
  return false;
}
