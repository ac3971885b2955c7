import { startThread } from '../../limits/start-thread.ts';
import type { HealthRecord } from './health-record.ts';

export interface HealthServer {
  port: number;
  stop(): Promise<void>;
}

/**
 * Serves `/healthz` and `/readyz` of this process from a thread. Resolves when it listens.
 * @throws Error if the port cannot be used
 */
export async function serveHealth(
  record: HealthRecord,
  { host, port }: { host: string; port: number },
): Promise<HealthServer> {
  const thread = startThread(new URL('./health-thread.ts', import.meta.url), {
    shared: record.shared,
    host,
    port,
  });
  record.start();
  const listening = await new Promise<number>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: { port?: number; error?: string }) =>
      message.port === undefined ? reject(new Error(message.error)) : resolve(message.port),
    );
  });
  return {
    port: listening,
    async stop() {
      record.stop();
      await thread.terminate();
    },
  };
}
