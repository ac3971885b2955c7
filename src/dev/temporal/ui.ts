import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { superviseApp } from '../app/supervise.ts';
import { waitUntilReady } from '../app/wait-until-ready.ts';
import { findCacheDir } from '../cache-dir.ts';
import { LOOPBACK } from '../ports.ts';
import { buildGoProgram, findGo, type GoProgram } from './build.ts';
import type { RunningTemporal } from './start.ts';

/** The newest release that the oldest accepted Go builds. The module has the pages inside. */
const UI_SERVER: GoProgram = {
  name: "Temporal's UI",
  package: 'github.com/temporalio/ui-server/v2/cmd/server',
  version: '2.55.0',
  duration: 'about a minute',
};
const READY_TIMEOUT_MS = 20_000;
const GRACE_MS = 3_000;
/** The name of the configuration, which the server looks up as `{name}.yaml`. */
const ENVIRONMENT = 'throughline';

/** How to start Temporal's UI. */
export type TemporalUiOptions = {
  temporal: Pick<RunningTemporal, 'address' | 'namespace' | 'secured'>;
  /** The folder for its configuration and log. */
  dir: string;
  port: number;
  log: (line: string) => void;
  /** Called with the progress of a build. */
  progress: (text: string) => void;
  /** Called with its process id, so that a later run can stop it if this one is killed. */
  onSpawn: (pid: number) => void;
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
};

/** Temporal's UI while it runs. */
export type RunningTemporalUi = { url: string; stop(): Promise<void>; kill(): void };

/**
 * Starts Temporal's UI for a server. It is built with Go the first time and kept.
 *
 * @throws Error with the reason when it can't be built or does not start
 */
export async function startTemporalUi(options: TemporalUiOptions): Promise<RunningTemporalUi> {
  const { temporal, port, progress, onSpawn, signal, env = process.env } = options;
  if (temporal.secured)
    throw new Error(
      `${temporal.address} needs TLS or an API key, which is not set up here: use the UI of that server`,
    );
  const dir = path.resolve(options.dir);
  const executable = path.join(findCacheDir(env), `temporal-ui-${UI_SERVER.version}`);
  if (!existsSync(executable)) {
    const go = findGo(env);
    if (!go.ok) throw new Error(`Go is needed to build it once: ${go.reason}`);
    await buildGoProgram(UI_SERVER, { target: executable, progress, signal, env });
  }
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, `${ENVIRONMENT}.yaml`), buildUiConfig(temporal, port));
  const logFile = path.join(dir, 'ui.log');
  const app = superviseApp({
    role: "Temporal's UI",
    command: executable,
    args: ['--root', dir, '--config', '.', '--env', ENVIRONMENT, 'start'],
    env,
    logFile,
    // Its own output is a banner; what matters to the user is that it ended.
    print: (line) => {
      if (line.includes('starting it again')) options.log(line);
    },
    onSpawn,
  });
  const url = `http://${LOOPBACK}:${port}`;
  try {
    await waitUntilReady([`${url}/healthz`], [app], READY_TIMEOUT_MS, () => {}, signal);
  } catch {
    await app.stop(GRACE_MS);
    signal?.throwIfAborted();
    throw new Error(`it did not start, see ${logFile}`);
  }
  return { url, stop: () => app.stop(GRACE_MS), kill: () => app.kill() };
}

/** The configuration: loopback only, and nothing is fetched from elsewhere. */
export function buildUiConfig(
  { address, namespace }: Pick<RunningTemporal, 'address' | 'namespace'>,
  port: number,
): string {
  return stringify({
    temporalGrpcAddress: address,
    defaultNamespace: namespace,
    host: LOOPBACK,
    port,
    enableUi: true,
    disableNewsFetch: true,
    notifyOnNewVersion: false,
    // Without TLS a browser would drop a cookie that is marked as secure.
    cors: { cookieInsecure: true, allowOrigins: [`http://${LOOPBACK}:${port}`, `http://localhost:${port}`] },
  });
}
