import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { DEV_FILE, writeDevFile } from '../../dev/dev-file.ts';
import { isPortFree, LOOPBACK } from '../../dev/ports.ts';
import { findRunningProcesses, recordProcess, stopRecordedProcesses } from '../../dev/processes/records.ts';
import { UserError } from '../../user-error.ts';
import { describePortProblem } from '../describe-port-problem.ts';
import { createProgress, type Progress } from '../progress.ts';
import { type Stoppable, startStack } from './start-stack.ts';
import { formatStartSummary } from './summary.ts';

const DIR = path.dirname(DEV_FILE);
const PROCESS_FILE = path.join(DIR, 'pids.json');
/** The name of this process in the process file. */
const SELF = 'start';
const DEFAULT_PORT = 3000;
/** One Ctrl-C may arrive twice, from the terminal and from npm. Only a later one means "stop at once". */
const SAME_SIGNAL_MS = 1_000;

/** Runs all of Throughline on this machine until the user stops it. */
export async function startCommand({ temporalUi = false }: { temporalUi?: boolean } = {}): Promise<void> {
  const progress = createProgress();
  const port = parsePort(process.env.PORT);
  await stopLeftovers(progress);
  if (!(await isPortFree(port)))
    throw new UserError(
      describePortProblem({ variable: 'PORT', host: LOOPBACK, port }, { code: 'EADDRINUSE' }) ?? '',
    );
  recordProcess(PROCESS_FILE, SELF, process.pid);

  const started: { servers: Stoppable[]; apps: Stoppable[] } = { servers: [], apps: [] };
  const signal = onStopSignal(() => {
    for (const { kill } of [...started.apps, ...started.servers]) kill();
    process.exit(130);
  });
  const url = `http://${LOOPBACK}:${port}`;
  const stack = startStack({
    dir: DIR,
    port,
    url,
    processFile: PROCESS_FILE,
    temporalUi,
    progress,
    started,
    signal: signal.aborted,
  });
  try {
    const dev = await Promise.race([stack, signal.received]);
    if (dev) {
      writeDevFile(dev);
      progress.line(formatStartSummary(dev, DEV_FILE));
      await signal.received;
    }
  } finally {
    // Servers that were starting when the signal arrived are stopped, too.
    if (signal.aborted.aborted) await stack.catch(() => {});
    await stopAll([...started.apps, ...started.servers.reverse()], progress);
    rmSync(PROCESS_FILE, { force: true });
  }
  process.exit(0);
}

function parsePort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UserError(`PORT is "${text}": set it to a number from 1 to 65535, or unset it`);
}

/** Stops roles that survived a kill -9 of an earlier run: they would work on a database that is replaced. */
async function stopLeftovers(progress: Progress): Promise<void> {
  const self = findRunningProcesses(PROCESS_FILE).find(({ name }) => name === SELF);
  if (self)
    throw new UserError(
      `throughline already runs in this folder (process ${self.pid}): stop it first, or use another clone`,
    );
  const names = await stopRecordedProcesses(PROCESS_FILE, { graceMs: 5_000 });
  if (names.length > 0) progress.line(`stopped processes of an earlier run: ${names.join(', ')}`);
}

function onStopSignal(stopAtOnce: () => void) {
  const controller = new AbortController();
  let first = 0;
  const received = new Promise<void>((resolve) => {
    const handle = () => {
      if (!controller.signal.aborted) {
        first = Date.now();
        controller.abort();
        resolve();
      } else if (Date.now() - first > SAME_SIGNAL_MS) {
        stopAtOnce();
      }
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, handle);
  });
  return { received, aborted: controller.signal };
}

async function stopAll(stoppables: Stoppable[], progress: Progress): Promise<void> {
  for (const { name, stop } of stoppables) {
    progress.line(`stopping ${name} …`);
    try {
      await stop();
    } catch (error) {
      // The others must still be stopped.
      progress.line(`${name} did not stop: ${(error as Error).message}`);
    }
  }
}
