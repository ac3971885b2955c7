import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { readHealth } from './health-record.ts';

/** Answers for a process from a thread of its own, which nothing that blocks the process can block. */
const { shared, host, port } = workerData.data as { shared: SharedArrayBuffer; host: string; port: number };

const server = createServer(
  { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 },
  (req, res) => {
    const { alive, reasons } = readHealth(shared, Date.now());
    const answers: Record<string, [ok: boolean, body: object]> = {
      '/healthz': [alive, { status: alive ? 'ok' : 'blocked' }],
      '/readyz': [reasons.length === 0, { ready: reasons.length === 0, reasons }],
    };
    const [ok, body] = answers[req.url?.split('?')[0] ?? ''] ?? [null, { title: 'Not Found', status: 404 }];
    res.writeHead(ok === null ? 404 : ok ? 200 : 503, { 'content-type': 'application/json' });
    res.end(JSON.stringify(body));
  },
);
server.maxConnections = 100;
server.on('error', (error) => parentPort?.postMessage({ error: error.message }));
server.listen(port, host, () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === 'object' && address ? address.port : port });
});
