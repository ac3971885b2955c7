import type { Client } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { type Database, openDatabase } from '../../db/client.ts';
import { type BundleCache, createBundleCache } from '../../db/config/bundle-cache.ts';
import {
  type BundleCompiler,
  createBundleCompiler,
  upgradeBundle,
} from '../app/config/compiler/bundle-compiler.ts';
import { createLearnedModels, type LearnedModels } from '../app/decide/learned-models.ts';
import type { Config } from '../config.ts';
import { ROLES, type Role } from '../metrics/declaration.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { lazyClient } from '../temporal/connection.ts';
import { createJourneyClient, type JourneyClient } from '../temporal/journey-client.ts';
import { createJourneyListing, type JourneyListing } from '../temporal/journey-listing.ts';
import { createSweepClient, type SweepClient } from '../temporal/sweep-client.ts';
import { currentLogFields } from '../tracing/spans.ts';
import { HealthRecord } from './health/health-record.ts';
import { samplePools, sampleQueue } from './metrics/sample-process.ts';
import { serializeError } from './serialize-error.ts';

/** The parts that every role needs. */
export interface Service extends LearnedModels {
  config: Config;
  db: Database;
  bundles: BundleCache;
  compiler: BundleCompiler;
  /** For what no other part does: looking at queues and schedules. */
  temporal: Client;
  journeys: JourneyClient;
  listing: JourneyListing;
  sweeps: SweepClient;
  /** What the process tells about itself. */
  health: HealthRecord;
  metrics: Metrics;
  log: Logger;
  close(): Promise<void>;
}

/** A running role. `stop` resolves when the work in progress has finished. */
export interface RunningRole {
  stop(): Promise<void>;
}

/**
 * Opens the parts that every role needs. Connections are made on first use.
 * @param roles the roles that the process will run
 */
export function openService(config: Config, name: string, roles: readonly Role[] = ROLES): Service {
  const metrics = createMetrics(roles);
  const db = openDatabase(config.databaseUrl, { name: `throughline-${name}`, max: 20 });
  const { client, close } = lazyClient();
  const compiler = createBundleCompiler();
  samplePools(metrics, db);
  sampleQueue(metrics, 'bundles', () => compiler.waiting);
  return {
    config,
    db,
    bundles: createBundleCache((...bundle) => upgradeBundle(compiler, ...bundle)),
    compiler,
    ...createLearnedModels(),
    temporal: client,
    journeys: createJourneyClient(client, config.taskQueue),
    listing: createJourneyListing(client, config.taskQueue),
    sweeps: createSweepClient(client, config.taskQueue),
    health: new HealthRecord(),
    metrics,
    log: pino({
      level: config.logLevel,
      base: { role: name },
      serializers: { err: serializeError },
      mixin: currentLogFields,
    }),
    async close() {
      await close();
      await Promise.all([compiler.close(), db.close()]);
    },
  };
}
