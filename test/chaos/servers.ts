import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type RunningPostgres, removeCluster, startPostgres } from '../../src/dev/postgres/start.ts';
import { readStartTime, signalProcess } from '../../src/dev/processes/processes.ts';
import { recordProcess } from '../../src/dev/processes/records.ts';
import { dropPostgresStore } from '../../src/dev/temporal/postgres-store.ts';
import { type RunningTemporal, startTemporalServer } from '../../src/dev/temporal/start.ts';
import { findFastDir, RUN_PREFIX, removeAbandonedRuns } from '../support/abandoned-runs.ts';
import { startProxyOf, startTcpProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';

/** Postgres and Temporal of a run, to be killed and started again. Roles reach them through proxies. */
export interface Servers {
  /** Without the proxy: for the suite itself. */
  databaseUrl: string;
  temporalAddress: string;
  /** For the roles. */
  proxied: { databaseUrl: string; temporalAddress: string };
  proxies: { postgres: TcpProxy; temporal: TcpProxy };
  /** Kills Postgres with all its processes, and starts it again after `awayMs`. */
  killPostgres(awayMs: number): Promise<void>;
  /** Kills Temporal, and starts it again after `awayMs`, with an empty store if `wiped`. */
  killTemporal(awayMs: number, wiped?: boolean): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts servers of the suite's own, whatever the environment names: no other program may be hit by the faults. Both keep
 * what they have committed when they are killed.
 */
export async function startServers(
  log: (line: string) => void,
  temporalStore: 'sqlite' | 'postgres',
): Promise<Servers> {
  await removeAbandonedRuns(log);
  const dir = mkdtempSync(path.join(findFastDir(), RUN_PREFIX));
  chmodSync(dir, 0o711);
  recordProcess(path.join(dir, 'run.json'), 'chaos', process.pid);
  const env = { ...process.env };
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_NAMESPACE'])
    delete env[name];
  const dataDir = path.join(dir, 'postgres');
  const temporalDir = path.join(dir, 'temporal');
  // That a server ended unexpectedly is what this suite is about.
  const quiet = () => {};
  const startDatabase = () => startPostgres({ dataDir, log: quiet, env });
  const startTemporal = (databaseUrl: string) =>
    startTemporalServer({
      dir: temporalDir,
      persist: true,
      ...(temporalStore === 'postgres' ? { postgresUrl: databaseUrl } : {}),
      log: quiet,
      env,
    });
  let database: RunningPostgres | undefined;
  let temporal: RunningTemporal | undefined;
  const stops: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    for (const undo of stops.splice(0).reverse()) await undo();
    await temporal?.stop();
    await database?.stop();
    if (database) removeCluster(dataDir);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    database = await startDatabase();
    const { url } = database;
    temporal = await startTemporal(url);
    log(`Postgres (${database.source}) and Temporal (${temporal.source}, in ${temporalStore})`);
    const [host = '', port] = temporal.address.split(':');
    const proxies = {
      postgres: await startProxyOf(url),
      temporal: await startTcpProxy({ host, port: Number(port) }),
    };
    for (const proxy of Object.values(proxies)) stops.push(() => proxy.stop());
    const { temporalAddress } = { temporalAddress: temporal.address };
    return {
      databaseUrl: url,
      temporalAddress,
      proxied: {
        databaseUrl: through(url, proxies.postgres),
        temporalAddress: `127.0.0.1:${proxies.temporal.port}`,
      },
      proxies,
      async killPostgres(awayMs) {
        await killPostmaster(await findPostmaster(url));
        await sleep(awayMs);
        database = await startDatabase();
      },
      async killTemporal(awayMs, wiped = false) {
        temporal?.kill();
        await sleep(Math.max(awayMs, 200));
        if (wiped) {
          for (const name of readdirSync(temporalDir))
            if (name.includes('sqlite')) rmSync(path.join(temporalDir, name));
          if (temporalStore === 'postgres') await dropPostgresStore(url, { progress: quiet, env });
        }
        temporal = await startTemporal(url);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findPostmaster(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql`show data_directory`;
    return Number(readFileSync(path.join(row?.data_directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** SIGKILL for the postmaster. Its processes notice that it is gone and end; the next start has to wait for the last one. */
async function killPostmaster(pid: number): Promise<void> {
  const children = listChildren(pid);
  signalProcess(pid, 'SIGKILL');
  for (const child of children) signalProcess(child, 'SIGKILL');
  while ([pid, ...children].some((each) => readStartTime(each) !== undefined)) await sleep(20);
}

/** Processes whose parent this is; none where there is no /proc, which only makes the next start slower. */
function listChildren(parent: number): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && readParent(pid) === parent);
  } catch {
    return [];
  }
}

function readParent(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
