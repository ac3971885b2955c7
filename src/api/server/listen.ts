import { createServer, type Server } from 'node:http';
import type { Express } from 'express';
import { BodyGuard } from './body-guard.ts';
import { ConnectionGuard } from './connection-guard.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { oneAtATime } from './one-at-a-time.ts';

export interface ListenOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  limits?: Partial<HttpLimits>;
}

/**
 * Listens, and resolves once connections are accepted. The default time-outs of Node would let a few slow senders hold
 * all sockets: these close such a connection within seconds, and outlast the idle connections of a load balancer. What
 * slow readers can hold, the limits say.
 */
export function listen(app: Express, { host, port, limits = {} }: ListenOptions): Promise<Server> {
  const applied = { ...DEFAULT_LIMITS, ...limits };
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
    },
    oneAtATime(app, applied.pipelined),
  );
  new ConnectionGuard(server, applied);
  new BodyGuard(server, applied.bodyBytes);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
