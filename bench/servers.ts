import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type Mailbox, startMailbox } from '../src/dev/mailbox/start.ts';
import { type RunningPostgres, removeCluster, startPostgres } from '../src/dev/postgres/start.ts';
import { type RunningTemporal, startTemporalServer } from '../src/dev/temporal/start.ts';
import type { Stops } from './stops.ts';

/** Where Temporal keeps its state. */
export type TemporalStore = 'memory' | 'postgres';

/** The servers that all parts share. */
export interface Servers {
  dir: string;
  postgres: RunningPostgres;
  temporal: RunningTemporal;
  mailbox: Mailbox;
}

/**
 * Starts servers for the bench, even if the environment names others: no other program may use them. Postgres forces every
 * commit to disk, as in production. Temporal keeps everything in memory, or in the same Postgres, for both sides alike.
 */
export async function startServers(stops: Stops, store: TemporalStore): Promise<Servers> {
  const dir = mkdtempSync(path.join(tmpdir(), 'throughline-bench-'));
  stops.push(() => rmSync(dir, { recursive: true, force: true }));
  const env = { ...process.env };
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_NAMESPACE'])
    delete env[name];
  const log = (line: string) => console.log(`  ${line}`);
  const dataDir = path.join(dir, 'postgres');
  const postgres = await startPostgres({ dataDir, log: () => {}, env });
  stops.push(async () => {
    await postgres.stop();
    removeCluster(dataDir);
  });
  const temporal = await startTemporalServer({
    dir: path.join(dir, 'temporal'),
    persist: false,
    ...(store === 'postgres' ? { postgresUrl: postgres.url } : {}),
    log,
    env,
  });
  stops.push(temporal.stop);
  const mailbox = await startMailbox();
  stops.push(mailbox.stop);
  return { dir, postgres, temporal, mailbox };
}
