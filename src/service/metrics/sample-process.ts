import type { Database } from '../../../db/client.ts';
import { readClock } from '../../../db/maintenance/clock.ts';
import type { Metrics } from '../../metrics/metrics.ts';

const CLOCK_EVERY_MS = 30_000;

/** Sets the gauges of the pools at each scrape. */
export function samplePools({ instruments, onScrape }: Metrics, db: Pick<Database, 'readPoolUse'>): void {
  onScrape('pools', () => {
    for (const [pool, { max, used, idle, waiting }] of Object.entries(db.readPoolUse())) {
      instruments.throughline_postgres_connections.set({ pool, state: 'used' }, used);
      instruments.throughline_postgres_connections.set({ pool, state: 'idle' }, idle);
      instruments.throughline_postgres_connections_max.set({ pool }, max);
      instruments.throughline_postgres_waiting.set({ pool }, waiting);
    }
  });
}

/** What waits in a queue of the process at each scrape. */
export function sampleQueue(
  { instruments, onScrape }: Metrics,
  queue: 'intake' | 'bundles' | 'messages' | 'realtime' | 'tracked_hits',
  read: () => number,
): void {
  onScrape(`queue ${queue}`, () => instruments.throughline_queue_waiting.set({ queue }, read()));
}

/** Compares the clock of the process with that of Postgres every half a minute. */
export function watchClock({ instruments }: Metrics, { sql }: Pick<Database, 'sql'>): void {
  const compare = async () => {
    const sentAt = Date.now();
    const clock = await readClock(sql);
    const answeredAt = Date.now();
    instruments.throughline_clock_skew_seconds.set(((sentAt + answeredAt) / 2 - clock) / 1_000);
  };
  // Without an answer the last value stays: other metrics report that Postgres is away.
  const run = () => void compare().catch(() => {});
  run();
  setInterval(run, CLOCK_EVERY_MS).unref();
}
