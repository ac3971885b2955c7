import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { listLoaders, locateModule } from '../compiled.ts';
import { FairQueue } from './fair-queue.ts';
import { LimitError } from './limit-error.ts';
import type { PoolMessage, PoolRequest } from './serve-process.ts';

/** Work was ended because it exceeded its time or its memory. */
export class ProcessLimitError extends LimitError {
  /** What the process worked on, as it said itself; empty: it had not said anything. */
  readonly place: string;

  constructor(message: string, place: string) {
    super(message);
    this.place = place;
  }
}

/** Too much work waits. It may be tried again later. */
export class PoolBusy extends Error {}

export interface PoolLimits {
  processes: number;
  /** Wall clock of one piece of work. */
  ms: number;
  heapMb: number;
  /** Pieces of work that wait, of all owners and of one. */
  waiting: number;
  waitingOfOwner: number;
  /** A process ends when it had nothing to do for so long. */
  idleMs: number;
}

interface Job {
  owner: string;
  message: PoolRequest;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

interface Slot {
  child: ChildProcess;
  ready: boolean;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
  place: string;
  /** The end of what it wrote to its error output. */
  stderr: string;
}

const START_MS = 60_000;
const KEPT_STDERR = 4_000;
/** Compared with the processes that events and decisions wait for. */
const NICENESS = 10;

/**
 * Does work in processes of their own, which may be ended at any time: their memory is limited, and so is the time of
 * each piece of work. At most one process works for the same owner, and owners take turns.
 *
 * A process and not a thread: a thread that exceeds its heap by one large array ends the whole process with it.
 */
export class ProcessPool<Request, Answer> {
  readonly #module: URL;
  readonly #limits: PoolLimits;
  readonly #queue = new FairQueue<Job>();
  readonly #slots = new Set<Slot>();
  #nextId = 0;
  #closed = false;

  /** @param source the URL of a TypeScript file that calls `serveProcess` */
  constructor(source: URL, limits: PoolLimits) {
    this.#module = locateModule(source);
    this.#limits = limits;
  }

  /**
   * @param patient the work may wait however much waits already
   * @throws ProcessLimitError; PoolBusy; Error with the stack if the work failed by itself
   */
  run(owner: string, request: Request, patient = false): Promise<Answer> {
    const { waiting, waitingOfOwner } = this.#limits;
    if (this.#closed) return Promise.reject(new PoolBusy('the pool was closed'));
    if (!patient && (this.#queue.size >= waiting || this.#queue.sizeOf(owner) >= waitingOfOwner))
      return Promise.reject(new PoolBusy('too much work waits'));
    return new Promise((resolve, reject) => {
      const message = { id: this.#nextId++, request };
      this.#queue.push(owner, { owner, message, resolve: resolve as Job['resolve'], reject });
      this.#next();
    });
  }

  /** Pieces of work that wait for a process. */
  get waiting(): number {
    return this.#queue.size;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.drain()) job.reject(new PoolBusy('the pool was closed'));
    await Promise.all([...this.#slots].map((slot) => this.#end(slot, new PoolBusy('the pool was closed'))));
  }

  /** Gives waiting work to idle processes, and starts one if there are too few. */
  #next(): void {
    for (;;) {
      const slots = [...this.#slots];
      const idle = slots.find((slot) => !slot.job);
      if (!idle && slots.length >= this.#limits.processes) return;
      const busy = new Set(slots.flatMap(({ job }) => job?.owner ?? []));
      const next = this.#queue.take((owner) => !busy.has(owner));
      if (!next) return;
      this.#give(idle ?? this.#start(), next.item);
    }
  }

  #give(slot: Slot, job: Job): void {
    slot.job = job;
    slot.place = '';
    // While it works, the child keeps this process alive.
    for (const handle of handlesOf(slot.child)) handle.ref();
    if (slot.ready) this.#send(slot, job);
    else this.#limit(slot, START_MS, () => new Error(`the process did not start: ${slot.stderr}`));
  }

  #send(slot: Slot, job: Job): void {
    const { ms } = this.#limits;
    this.#limit(slot, ms, () => new ProcessLimitError(`takes longer than ${ms / 1_000} s`, slot.place));
    slot.child.send(job.message, () => {});
  }

  #limit(slot: Slot, ms: number, describe: () => Error): void {
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => void this.#end(slot, describe()), ms);
  }

  #start(): Slot {
    const child = fork(
      fileURLToPath(new URL('./process-entry.mjs', import.meta.url)),
      [...listLoaders(), this.#module.href],
      {
        execArgv: [`--max-old-space-size=${this.#limits.heapMb}`],
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // No secret of this process is in reach of what it works on.
        env: pickEnvironment(process.env),
      },
    );
    const slot: Slot = { child, ready: false, job: undefined, timer: undefined, place: '', stderr: '' };
    this.#slots.add(slot);
    lowerPriority(child);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      slot.place = readPlace(text) ?? slot.place;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      slot.stderr = (slot.stderr + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: PoolMessage) => this.#receive(slot, message));
    child.on('error', (error) => void this.#end(slot, error));
    // Not 'exit': its last words have been read by then.
    child.on('close', () => void this.#end(slot, this.#describeExit(slot)));
    return slot;
  }

  #describeExit(slot: Slot): Error {
    if (!slot.ready) return new Error(`the process did not start: ${slot.stderr}`);
    // V8 ends a process whose heap is full, and so does the kernel when the machine's memory is.
    return new ProcessLimitError(`needs more than ${this.#limits.heapMb} MB of memory`, slot.place);
  }

  #receive(slot: Slot, message: PoolMessage): void {
    const { job } = slot;
    if ('ready' in message) {
      slot.ready = true;
      if (job) this.#send(slot, job);
      return;
    }
    if (job?.message.id !== message.id) return;
    clearTimeout(slot.timer);
    slot.job = undefined;
    for (const handle of handlesOf(slot.child)) handle.unref();
    slot.timer = setTimeout(() => void this.#end(slot, new Error('idle')), this.#limits.idleMs).unref();
    if (message.ok) job.resolve(message.answer);
    else job.reject(new Error(message.error));
    this.#next();
  }

  /** Ends a process, and the work that it does. The next work starts another. */
  async #end(slot: Slot, error: Error): Promise<void> {
    if (!this.#slots.delete(slot)) return;
    clearTimeout(slot.timer);
    slot.job?.reject(error);
    slot.job = undefined;
    const { child } = slot;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      // Or this process could end before, while it waits.
      child.ref();
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    }
    if (!this.#closed) this.#next();
  }
}

/** What keeps this process alive for a process that it has started. */
function handlesOf(child: ChildProcess): { ref(): void; unref(): void }[] {
  const { channel, stdout, stderr } = child;
  return [child, channel, stdout as Socket | null, stderr as Socket | null].filter(
    (handle) => handle != null,
  );
}

const ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'TZ'];

function pickEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ENVIRONMENT.includes(name)));
}

/** Where the system doesn't allow it, the process competes like any other. */
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {}
}

/** The last place that was written as a whole. */
function readPlace(text: string): string | undefined {
  const end = text.lastIndexOf('\n');
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  try {
    const place: unknown = JSON.parse(line);
    return typeof place === 'string' ? place : undefined;
  } catch {
    return undefined;
  }
}
