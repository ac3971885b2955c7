import pino from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { BackgroundLoops } from '../../src/relay/background-loops.ts';
import { measureRelay } from '../../src/service/metrics/measure-relay.ts';
import { waitUntil } from '../support/wait-until.ts';
import { parseScrape } from './scrape.ts';

test('a loop that fails and goes on is counted, and its last success is that of its last page', async () => {
  const metrics = createMetrics(['relay']);
  const read = async (metric: string) => {
    const { samples } = parseScrape(await metrics.render());
    return samples.find(({ name, labels }) => name === metric && labels.loop === 'outbox')?.value;
  };
  let fails = true;
  const loop = {
    name: 'outbox',
    idleMs: 10,
    async runPage() {
      if (fails) throw new Error('Postgres is away');
      return false;
    },
  };
  const before = Date.now() / 1_000;
  const loops = new BackgroundLoops([loop], pino({ level: 'silent' }), measureRelay(metrics.instruments));
  await waitUntil(
    async () => ((await read('throughline_relay_loop_failures_total')) ?? 0) >= 2,
    'two pages to fail',
  );
  expect(await read('throughline_relay_loop_pages_total')).toBe(0);
  const started = (await read('throughline_relay_loop_last_success_timestamp_seconds')) as number;
  expect(started).toBeGreaterThanOrEqual(before);
  fails = false;
  await waitUntil(async () => ((await read('throughline_relay_loop_pages_total')) ?? 0) >= 2, 'two pages');
  expect(await read('throughline_relay_loop_last_success_timestamp_seconds')).toBeGreaterThan(started);
  await loops.stop();
});

test('metrics of other roles are not exported, and can be set all the same', async () => {
  const metrics = createMetrics(['worker']);
  metrics.instruments.throughline_relay_signals_total.inc({ result: 'sent' });
  metrics.instruments.throughline_worker_restarts_total.inc();
  const { types } = parseScrape(await metrics.render());
  expect(types.has('throughline_worker_restarts_total')).toBe(true);
  expect(types.has('throughline_relay_signals_total')).toBe(false);
});

test('a sample that fails leaves the other metrics as they are', async () => {
  const metrics = createMetrics();
  const { throughline_queue_waiting: waiting } = metrics.instruments;
  metrics.onScrape('broken', () => Promise.reject(new Error('no')));
  metrics.onScrape('queue', () => waiting.set({ queue: 'intake' }, 1));
  metrics.onScrape('queue', () => waiting.set({ queue: 'intake' }, 7));
  expect(await metrics.render()).toContain('throughline_queue_waiting{queue="intake"} 7');
});
