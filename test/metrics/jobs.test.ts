import { expect, test } from 'vitest';
import type { Activities } from '../../src/activities/index.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { measureActivities } from '../../src/service/metrics/measure-activities.ts';
import { parseScrape } from './scrape.ts';

test('pages of jobs are counted, and a job that only fails was last complete when it began', async () => {
  const metrics = createMetrics(['worker']);
  let outcome: 'more' | 'done' | 'failed' = 'failed';
  const runJob = async () => {
    if (outcome === 'failed') throw new Error('Postgres is away');
    return { more: outcome === 'more' };
  };
  const measured = measureActivities({ runJob } as unknown as Activities, metrics.instruments, 'throughline');
  const read = async (metric: string, labels: Record<string, string> = {}) => {
    const { samples } = parseScrape(await metrics.render());
    return samples.find(
      (sample) =>
        sample.name === metric &&
        Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
    )?.value;
  };
  const lastSuccess = () => read('throughline_job_last_success_timestamp_seconds', { kind: 'learn' });
  const request = { workspace: 'aroma', job: 'learn' as const, now: 0 };
  expect(await lastSuccess()).toBeUndefined();
  await expect(measured.runJob(request)).rejects.toThrow();
  const began = await lastSuccess();
  expect(began).toBeGreaterThan(0);
  await expect(measured.runJob(request)).rejects.toThrow();
  outcome = 'more';
  await measured.runJob(request);
  expect(await lastSuccess()).toBe(began);
  while (Date.now() / 1_000 <= (began as number)) await new Promise((resolve) => setTimeout(resolve, 1));
  outcome = 'done';
  await measured.runJob(request);
  expect(await lastSuccess()).toBeGreaterThan(began as number);
  const counts = ['failed', 'more', 'done'].map((name) =>
    read('throughline_job_pages_total', { outcome: name }),
  );
  expect(await Promise.all(counts)).toEqual([2, 1, 1]);
});
