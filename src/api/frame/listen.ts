import { createServer, type Server } from 'node:http';
import type { Express } from 'express';

export interface ListenOptions {
  host: string;
  /** 0: any free port. */
  port: number;
}

/**
 * Listens, and resolves once connections are taken. Node's own time-outs are so generous that a few slow senders
 * could hold every socket; these end one that dawdles within seconds, and outlast a load balancer's idle connection.
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
