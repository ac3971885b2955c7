import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ROLES } from '../../src/metrics/declaration.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { HealthRecord, readHealth } from '../../src/service/health/health-record.ts';
import { serveHealth } from '../../src/service/health/serve-health.ts';

const run = promisify(execFile);
const metrics = createMetrics();

describe('readHealth', () => {
  const codesAt = (record: HealthRecord, inMs: number) =>
    readHealth(record.shared, Date.now() + inMs).reasons.map(({ code }) => code);

  test('a process is ready once its roles run, as long as it is not blocked', () => {
    const record = new HealthRecord();
    record.start();
    expect(codesAt(record, 0)).toEqual(['not_started']);
    record.setReady(true);
    expect(codesAt(record, 0)).toEqual([]);
    expect(codesAt(record, 10_000)).toEqual(['blocked']);
    expect(readHealth(record.shared, Date.now() + 10_000).alive).toBe(true);
    expect(readHealth(record.shared, Date.now() + 120_000).alive).toBe(false);
    record.setReady(false);
    expect(codesAt(record, 0)).toEqual(['not_started']);
    record.stop();
  });

  test('I4: a worker that begins decisions and ends none is not ready', async () => {
    const record = new HealthRecord();
    record.start();
    record.setReady(true);
    let end = () => {};
    const hanging = record.decide(() => new Promise<void>((resolve) => (end = resolve)));
    const decidesNothing = (inMs: number) => codesAt(record, inMs).includes('decides_nothing');
    expect(decidesNothing(10_000)).toBe(false);
    expect(decidesNothing(50_000)).toBe(true);
    // Another one that ends is progress, and so is one that fails.
    await record.decide(() => Promise.reject(new Error('the database is away'))).catch(() => {});
    expect(readHealth(record.shared, Date.now()).reasons).toEqual([]);
    end();
    await hanging;
    expect(decidesNothing(50_000)).toBe(false);
    record.stop();
  });
});

test('security 1: a blocked process says so while it is blocked', async () => {
  const record = new HealthRecord();
  const server = await serveHealth(record, { host: '127.0.0.1', port: 0, roles: ROLES, metrics });
  record.setReady(true);
  const url = `http://127.0.0.1:${server.port}`;
  const read = async (path: string) => {
    const answer = await fetch(url + path);
    return [answer.status, await answer.json()];
  };
  expect(await read('/readyz')).toEqual([200, { ready: true, reasons: [] }]);
  expect(await read('/healthz')).toEqual([200, { status: 'ok' }]);
  expect((await read('/other'))[0]).toBe(404);
  metrics.instruments.throughline_http_requests_total.inc({ method: 'GET', route: 'none', status: '4xx' });
  const before = await (await fetch(`${url}/metrics`)).text();
  expect(before).toMatch(/^throughline_http_requests_total\{.*\} 1$/m);
  expect(before).toMatch(/^throughline_ready\{role="relay"\} 1$/m);
  expect(before).toMatch(/^throughline_metrics_age_seconds 0$/m);

  const script = `setTimeout(async () => {
    const answer = await fetch('${url}/readyz');
    console.log(answer.status + ' ' + (await answer.text()));
    console.log(await (await fetch('${url}/metrics')).text());
  }, 6_500)`;
  const asked = run(process.execPath, ['-e', script]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 9_000);
  const { stdout } = await asked;
  expect(stdout).toMatch(/^503 .*"code":"blocked"/);
  // The metrics are the last ones, and say how old they are.
  expect(stdout).toMatch(/^throughline_http_requests_total\{.*\} 1$/m);
  expect(stdout).toMatch(/^throughline_ready\{role="relay"\} 0$/m);
  expect(stdout).toMatch(/^throughline_blocked_seconds [678]/m);
  expect(stdout).toMatch(/^throughline_metrics_age_seconds [678]/m);

  await new Promise((resolve) => setTimeout(resolve, 700));
  expect((await read('/readyz'))[0]).toBe(200);
  await server.stop();
}, 30_000);

test('a port that is in use is an error', async () => {
  const first = await serveHealth(new HealthRecord(), { host: '127.0.0.1', port: 0, roles: ROLES, metrics });
  await expect(
    serveHealth(new HealthRecord(), { host: '127.0.0.1', port: first.port, roles: ROLES, metrics }),
  ).rejects.toThrow('EADDRINUSE');
  await first.stop();
}, 20_000);
