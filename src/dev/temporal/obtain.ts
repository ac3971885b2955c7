import { existsSync } from 'node:fs';
import process from 'node:process';
import { UserError } from '../../user-error.ts';
import { type BuildOptions, buildGoProgram, findGo, type GoProgram, OLDEST_GO } from './build.ts';
import { type DownloadOptions, downloadCli } from './download.ts';
import { CLI_VERSION, cachedExecutables, SERVER_VERSION, type TemporalChoice } from './lookup.ts';

const SERVER: GoProgram = {
  name: "Temporal's server",
  package: 'go.temporal.io/server/cmd/server',
  version: SERVER_VERSION,
  duration: 'about 4 minutes',
};

/** How to get a server onto a machine that has none. */
export type ObtainOptions = {
  /** Why the command line on the PATH can't be used. */
  cli: string;
  /** Whether the network may be asked for the development server, or the reason why not. */
  download: true | string;
  log: (line: string) => void;
  progress: (text: string) => void;
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
  /** For tests: another server to download from. */
  downloadFrom?: Pick<DownloadOptions, 'base' | 'firstByteMs'>;
};

/**
 * Gets a server onto this machine: downloads the development server, or else builds the bare server with Go. Says first
 * which choices exist, how long each takes and which is used, because a build takes minutes. Both results are kept.
 *
 * @throws UserError with all ways out when none of them works here
 */
export async function obtainTemporalServer(options: ObtainOptions): Promise<TemporalChoice> {
  const { cli, log, progress, signal, env = process.env } = options;
  const go = findGo(env);
  const goState = go.ok ? `Go ${go.version} is here` : go.reason;
  for (const line of describeChoices(options, goState)) log(line);

  const target = cachedExecutables(env);
  let downloadState = options.download === true ? '' : options.download;
  if (options.download === true) {
    try {
      await downloadCli({ target: target.cli, progress, signal, ...options.downloadFrom });
      log('The download worked: the next start finds it.');
      const source = `Temporal ${SERVER_VERSION} (its development server, downloaded)`;
      return { kind: 'cli', executable: target.cli, source };
    } catch (error) {
      signal?.throwIfAborted();
      downloadState = (error as Error).message;
      log(`The download did not work: ${downloadState}.`);
    }
  }
  const failure = go.ok
    ? await build(target.server, options).catch((error: Error) => {
        signal?.throwIfAborted();
        return error.message;
      })
    : go.reason;
  if (failure === undefined) {
    const source = `Temporal ${SERVER_VERSION}, built with Go`;
    return { kind: 'binary', executable: target.server, source };
  }
  throw new UserError(
    `there is no Temporal server (the temporal command line: ${cli}; download: ${downloadState}; Go: ${failure}). Do one of these: set TEMPORAL_ADDRESS to a server that runs; install the temporal command line ${CLI_VERSION} or newer; install Go ${OLDEST_GO} or newer, which builds the server once`,
  );
}

/** The bare server, whatever else the machine has: only it can keep its state in Postgres. It is built if need be. */
export async function obtainBareServer(
  options: Omit<BuildOptions, 'target'>,
): Promise<Extract<TemporalChoice, { kind: 'binary' }>> {
  const { server } = cachedExecutables(options.env);
  if (!existsSync(server)) await buildGoProgram(SERVER, { ...options, target: server });
  return { kind: 'binary', executable: server, source: `Temporal ${SERVER_VERSION}` };
}

async function build(target: string, { log, progress, signal, env }: ObtainOptions): Promise<undefined> {
  log(
    `Building ${SERVER.name} with Go now: ${SERVER.duration}, once. Ctrl-C stops it; the next start continues.`,
  );
  await buildGoProgram(SERVER, { target, progress, signal, env });
}

/** The choices as lines of text, in the order in which they are tried. */
function describeChoices({ cli, download }: ObtainOptions, go: string): string[] {
  const rows = [
    ['a server that runs (TEMPORAL_ADDRESS)', 'at once', 'not set'],
    [`the temporal command line, with server ${SERVER_VERSION} or newer`, 'at once', cli],
    ['an earlier download or build', 'at once', 'none yet'],
    [
      `Temporal's development server, downloaded as its SDKs do`,
      'about a minute, once',
      download === true ? 'tried now' : download,
    ],
    [`its server, built with Go ${OLDEST_GO} or newer`, `${SERVER.duration}, once`, go],
  ];
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return [
    'There is no Temporal server on this machine yet. What can be used, in this order:',
    ...rows.map(
      ([what = '', time = '', state = ''], index) =>
        `  ${index + 1}. ${what.padEnd(first)}  ${time.padEnd(second)}  ${state}`,
    ),
  ];
}
