import { startThread } from '../../limits/start-thread.ts';
import type { Role } from '../../metrics/declaration.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { HealthRecord } from './health-record.ts';

export interface HealthServer {
  port: number;
  stop(): Promise<void>;
}

export interface HealthOptions {
  host: string;
  port: number;
  /** The roles of the process. */
  roles: readonly Role[];
  metrics: Pick<Metrics, 'render'>;
  /** Where Temporal's SDK serves its own metrics; null: nowhere. */
  sdkMetricsUrl?: string | null;
}

/** What the thread gets at its start. */
export interface HealthThreadData {
  shared: SharedArrayBuffer;
  host: string;
  port: number;
  roles: readonly Role[];
  sdkMetricsUrl: string | null;
}

/** What the thread tells: where it listens, that it can't, or that somebody wants the metrics. */
type ThreadMessage = { port: number } | { error: string; code?: string | undefined } | { render: true };

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of this process from a thread. Resolves when it listens.
 * @throws Error if the port cannot be used
 */
export async function serveHealth(
  record: HealthRecord,
  { host, port, roles, metrics, sdkMetricsUrl = null }: HealthOptions,
): Promise<HealthServer> {
  const data: HealthThreadData = { shared: record.shared, host, port, roles, sdkMetricsUrl };
  const thread = startThread(new URL('./health-thread.ts', import.meta.url), data);
  record.start();
  const listening = await new Promise<number>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: ThreadMessage) => {
      if ('port' in message) resolve(message.port);
      else if ('error' in message) reject(Object.assign(new Error(message.error), { code: message.code }));
      else void metrics.render().then((text) => thread.postMessage({ metrics: text }));
    });
  });
  return {
    port: listening,
    async stop() {
      record.stop();
      await thread.terminate();
    },
  };
}
