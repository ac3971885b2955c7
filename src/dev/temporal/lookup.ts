import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { UserError } from '../../user-error.ts';
import { findCacheDir } from '../cache-dir.ts';

/** The server that the project builds when there is none: the first release that can skip time. */
export const SERVER_VERSION = '1.32.0';

/** Where a Temporal server comes from: one that runs already, the `temporal` command line, a binary, or nowhere yet. */
export type TemporalChoice =
  | { kind: 'running'; config: ClientConnectConfig; source: string }
  | { kind: 'cli'; executable: string; source: string }
  | { kind: 'binary'; executable: string; source: string }
  | { kind: 'build'; target: string; source: string };

/** What the search looks at. Tests don't follow the profile of a config file: it may well name production. */
export type TemporalLookup = { env?: NodeJS.ProcessEnv; configFile: boolean };

/** Finds a Temporal server without starting or building anything. The first that fits wins. */
export function findTemporalServer({ env = process.env, configFile }: TemporalLookup): TemporalChoice {
  const running = configuredServer(env, configFile);
  if (running) return running;
  const cli = temporalOnPath(env);
  if (cli) return cli;
  const target = path.join(findCacheDir(env), `temporal-server-${SERVER_VERSION}`);
  if (existsSync(target))
    return { kind: 'binary', executable: target, source: `Temporal ${SERVER_VERSION} (${target})` };
  return { kind: 'build', target, source: `Temporal ${SERVER_VERSION}, built with Go` };
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

function temporalOnPath(env: NodeJS.ProcessEnv): TemporalChoice | undefined {
  try {
    const output = execFileSync('temporal', ['--version'], {
      env,
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 5_000,
    });
    const version = parseServerVersion(output);
    // An older server runs the product, but not its tests: they skip time.
    if (!version || !isAtLeast(version, SERVER_VERSION)) return undefined;
    return { kind: 'cli', executable: 'temporal', source: `Temporal ${version} (the temporal command line)` };
  } catch {
    return undefined;
  }
}
