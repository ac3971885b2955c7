import { createServer, type ServerResponse } from 'node:http';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { renderThreadMetrics } from '../../metrics/thread-metrics.ts';
import { readHealth } from './health-record.ts';
import { MetricsSnapshot } from './metrics-snapshot.ts';
import { readSdkMetrics } from './sdk-metrics.ts';
import type { HealthThreadData } from './serve-health.ts';

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers for a process from a thread of its own, which nothing that blocks the process can block. */
const { shared, host, port, roles, sdkMetricsUrl } = workerData.data as HealthThreadData;

const snapshot = new MetricsSnapshot(parentPort as MessagePort);

const server = createServer(
  { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 },
  async (req, res) => {
    const path = req.url?.split('?')[0] ?? '';
    if (path === '/metrics') return sendMetrics(res);
    const { alive, reasons } = readHealth(shared, Date.now());
    const answers: Record<string, [ok: boolean, body: object]> = {
      '/healthz': [alive, { status: alive ? 'ok' : 'blocked' }],
      '/readyz': [reasons.length === 0, { ready: reasons.length === 0, reasons }],
    };
    const [ok, body] = answers[path] ?? [null, { title: 'Not Found', status: 404 }];
    res.writeHead(ok === null ? 404 : ok ? 200 : 503, { 'content-type': 'application/json' });
    res.end(JSON.stringify(body));
  },
);

/** The metrics of the process, of Temporal's SDK, and of this thread. While the process is blocked, its last ones. */
async function sendMetrics(res: ServerResponse): Promise<void> {
  const [process, sdk] = await Promise.all([snapshot.read(), readSdkMetrics(sdkMetricsUrl)]);
  const { reasons, silentMs } = readHealth(shared, Date.now());
  const own = renderThreadMetrics({
    roles,
    isReady: reasons.length === 0,
    blockedMs: silentMs,
    metricsAgeMs: process.ageMs,
  });
  res.writeHead(200, { 'content-type': METRICS_TYPE });
  res.end([process.text, own, sdk].filter((text) => text !== '').join('\n'));
}

server.maxConnections = 100;
server.on('error', ({ message, code }: NodeJS.ErrnoException) =>
  parentPort?.postMessage({ error: message, code }),
);
server.listen(port, host, () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === 'object' && address ? address.port : port });
});
