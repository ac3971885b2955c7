import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { UserError } from '../../user-error.ts';
import { findCacheDir } from '../cache-dir.ts';

/** The server that the project builds when there is none: the first release that can skip time. */
export const SERVER_VERSION = '1.32.0';

/** The release of the `temporal` command line that has this server. */
export const CLI_VERSION = '1.9.1';

/** Where a Temporal server comes from: one that runs already, the `temporal` command line, or the bare server's binary. */
export type TemporalChoice =
  | { kind: 'running'; config: ClientConnectConfig; source: string }
  | { kind: 'cli'; executable: string; source: string }
  | { kind: 'binary'; executable: string; source: string };

/** What the search found. Without a choice, `cli` says why the command line on the PATH is not one. */
export type TemporalSearch = { choice: TemporalChoice } | { choice: null; cli: string };

/** What the search looks at. Tests don't follow the profile of a config file: it may well name production. */
export type TemporalLookup = { env?: NodeJS.ProcessEnv; configFile: boolean };

/** Finds a Temporal server without starting, downloading or building anything. The first that fits wins. */
export function findTemporalServer({ env = process.env, configFile }: TemporalLookup): TemporalSearch {
  const running = configuredServer(env, configFile);
  if (running) return { choice: running };
  const onPath = inspectCli('temporal', env);
  if (onPath.ok) {
    const source = `Temporal ${onPath.version} (the temporal command line)`;
    return { choice: { kind: 'cli', executable: 'temporal', source } };
  }
  const choice = findCachedServer(env);
  return choice ? { choice } : { choice: null, cli: onPath.reason };
}

/** Where a downloaded command line and a built server are kept. */
export function cachedExecutables(env: NodeJS.ProcessEnv = process.env): { cli: string; server: string } {
  const dir = findCacheDir(env);
  return {
    cli: path.join(dir, `temporal-cli-${CLI_VERSION}`),
    server: path.join(dir, `temporal-server-${SERVER_VERSION}`),
  };
}

function findCachedServer(env: NodeJS.ProcessEnv): TemporalChoice | undefined {
  const { server, cli } = cachedExecutables(env);
  if (existsSync(server))
    return { kind: 'binary', executable: server, source: `Temporal ${SERVER_VERSION} (${server})` };
  if (existsSync(cli)) return { kind: 'cli', executable: cli, source: `Temporal ${SERVER_VERSION} (${cli})` };
  return undefined;
}

/** The version of the server inside a `temporal` command line, or why it can't be used. */
export function inspectCli(
  executable: string,
  env: NodeJS.ProcessEnv = process.env,
): { ok: true; version: string } | { ok: false; reason: string } {
  let output: string;
  try {
    const options = { env, encoding: 'utf8', stdio: 'pipe', timeout: 5_000 } as const;
    output = execFileSync(executable, ['--version'], options);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { ok: false, reason: missing ? 'not found' : `${executable} --version fails` };
  }
  const version = parseServerVersion(output);
  if (!version) return { ok: false, reason: `${executable} --version names no server` };
  // An older server runs the product, but not its tests: they skip time.
  if (!isAtLeast(version, SERVER_VERSION))
    return { ok: false, reason: `its server is ${version}, older than ${SERVER_VERSION}` };
  return { ok: true, version };
}

/** The version of the server inside the `temporal` command line, from what `temporal --version` prints. */
export function parseServerVersion(output: string): string | undefined {
  return /Server (\d+\.\d+\.\d+)/.exec(output)?.[1];
}

/** Whether `version` is `oldest` or newer; both are dotted numbers. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [have, want] = [version.split('.').map(Number), oldest.split('.').map(Number)];
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function configuredServer(env: NodeJS.ProcessEnv, configFile: boolean): TemporalChoice | undefined {
  const named = env.TEMPORAL_ADDRESS ? 'TEMPORAL_ADDRESS' : 'your Temporal profile';
  if (!configFile && !env.TEMPORAL_ADDRESS) return undefined;
  let config: ClientConnectConfig;
  try {
    const variables = Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    config = loadClientConnectConfig({
      disableFile: !configFile,
      overrideEnvVars: Object.fromEntries(variables),
    });
  } catch (error) {
    throw new UserError(`${named} can't be read: ${(error as Error).message}`);
  }
  const { address } = config.connectionOptions;
  return address ? { kind: 'running', config, source: `${named} (${address})` } : undefined;
}
