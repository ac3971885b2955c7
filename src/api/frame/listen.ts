import { createServer, type Server } from 'node:http';
import type { Express } from 'express';

export interface ListenOptions {
  host: string;
  /** 0: any free port. */
  port: number;
}

/**
 * Listens, and resolves once connections are accepted. The default time-outs of Node would let a few slow senders hold
 * all sockets: these close such a connection within seconds, and outlast the idle connections of a load balancer.
 */
export function listen(app: Express, { host, port }: ListenOptions): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
    },
    app,
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
