import pino, { type Logger } from 'pino';
import { type BundleCache, createBundleCache } from '../../db/bundle-cache.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { createLearned, type Learned } from '../activities/learned.ts';
import type { Config } from '../config.ts';
import { recompileBundle } from '../definitions/recompile.ts';
import { lazyClient } from '../temporal/connection.ts';
import { createJourneyClient, type JourneyClient } from '../temporal/journey-client.ts';
import { createSweepClient, type SweepClient } from '../temporal/sweep-client.ts';

/** What every role needs. */
export interface Service extends Learned {
  config: Config;
  db: Database;
  bundles: BundleCache;
  journeys: JourneyClient;
  sweeps: SweepClient;
  log: Logger;
  close(): Promise<void>;
}

/** A running role. `stop` lets what is under way end. */
export interface Running {
  stop(): Promise<void>;
}

/** Opens what every role needs. Nothing is contacted yet. */
export function openService(config: Config, name: string): Service {
  const db = openDatabase(config.databaseUrl, { name: `throughline-${name}`, max: 20 });
  const { client, close } = lazyClient();
  return {
    config,
    db,
    bundles: createBundleCache(recompileBundle),
    ...createLearned(),
    journeys: createJourneyClient(client, config.taskQueue),
    sweeps: createSweepClient(client, config.taskQueue),
    log: pino({ level: config.logLevel, base: { role: name } }),
    async close() {
      await close();
      await db.close();
    },
  };
}
