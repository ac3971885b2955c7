import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { stopProcess } from '../../src/dev/processes/processes.ts';
import type { Stops } from '../servers.ts';

const GRACE_MS = 5_000;

/** A floor's process: what it is told, and what it tells. */
export interface FloorProcess<Told, Tells> {
  send(message: Told): void;
  /** Calls back for every message. Returns the way to stop listening. */
  onMessage(hear: (message: Tells) => void): () => void;
  /** The next message that fits. @throws Error when the process ends before. */
  waitForMessage(fits: (message: Tells) => boolean): Promise<Tells>;
}

/** Runs a file of `bench/bare` in a process like those of the product: same Node, same loader. It ends with this one. */
export function startFloorProcess<Told extends object, Tells>(
  file: string,
  env: Record<string, string>,
  stops: Stops,
): FloorProcess<Told, Tells> {
  const source = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', source], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${file} ended with ${signal ?? code}`)));
  });
  gone.catch(() => {});
  const { pid } = child;
  if (pid !== undefined) stops.push(() => stopProcess(pid, { graceMs: GRACE_MS }));
  const listen = (hear: (message: Tells) => void) => {
    child.on('message', hear as (message: unknown) => void);
    return () => child.off('message', hear as (message: unknown) => void);
  };
  return {
    send: (message) => child.send(message),
    onMessage: listen,
    waitForMessage(fits) {
      let unlisten = () => {};
      const heard = new Promise<Tells>((resolve) => {
        unlisten = listen((message) => {
          if (fits(message)) resolve(message);
        });
      });
      return Promise.race([heard, gone]).finally(unlisten);
    },
  };
}
