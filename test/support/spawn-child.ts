import { type ChildProcess, spawn } from 'node:child_process';
import { ROOT } from './paths.ts';

export interface ChildProcessHandle {
  pid: number;
  /** The lines that the process has printed. */
  lines: string[];
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  gone: Promise<number | NodeJS.Signals | null>;
  /** Freezes the process with SIGSTOP, and lets it go on with SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** Requests with SIGTERM that the process ends, and waits until it has ended. */
  terminate(): Promise<void>;
  /** Kills the process with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

/** Processes that are alive. None stays behind if this one ends early. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs a file in a process of its own, sources through tsx. `env` is added to the environment of this process. */
export function spawnChild(
  script: string,
  env: Record<string, string>,
  args: string[] = [],
  { cwd = ROOT, node = process.execPath }: { cwd?: string; node?: string } = {},
): ChildProcessHandle {
  const child = spawn(node, [...(script.endsWith('.ts') ? ['--import', 'tsx'] : []), script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines: string[] = [];
  const keep = (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  const end = async (signal: NodeJS.Signals) => {
    if (alive(child)) child.kill(signal);
    await gone;
  };
  return {
    pid: child.pid as number,
    lines,
    gone,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    terminate: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function alive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
