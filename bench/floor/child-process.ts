import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { stopProcess } from '../../src/dev/processes/processes.ts';
import type { Stops } from '../stops.ts';

const GRACE_MS = 5_000;

/** A process of the floor, with the types of the messages that it receives and sends. */
export interface FloorProcess<Received, Sent> {
  send(message: Received): void;
  /** Calls `handle` for every message. Returns the function that stops listening. */
  onMessage(handle: (message: Sent) => void): () => void;
  /** Resolves with the next message that fits. @throws Error when the process ends before */
  waitForMessage(fits: (message: Sent) => boolean): Promise<Sent>;
}

/** Runs a file of `bench/floor` in a process with the same Node and loader as the roles. It ends with this process. */
export function startFloorProcess<Received extends object, Sent>(
  file: string,
  env: Record<string, string>,
  stops: Stops,
): FloorProcess<Received, Sent> {
  const source = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', source], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${file} ended with ${signal ?? code}`)));
  });
  ended.catch(() => {});
  const { pid } = child;
  if (pid !== undefined) stops.push(() => stopProcess(pid, { graceMs: GRACE_MS }));
  const listen = (handle: (message: Sent) => void) => {
    child.on('message', handle as (message: unknown) => void);
    return () => child.off('message', handle as (message: unknown) => void);
  };
  return {
    send: (message) => child.send(message),
    onMessage: listen,
    waitForMessage(fits) {
      let unlisten = () => {};
      const received = new Promise<Sent>((resolve) => {
        unlisten = listen((message) => {
          if (fits(message)) resolve(message);
        });
      });
      return Promise.race([received, ended]).finally(unlisten);
    },
  };
}
