import type { Worker } from 'node:worker_threads';
import { startThread } from '../limits/start-thread.ts';
import { TemplateError } from './template-error.ts';

/** Nothing is wrong with the template: the message may be rendered later. */
export class RendererUnavailable extends Error {}

/** A request as the thread receives it: plain data. */
export interface ThreadRequest {
  id: number;
  kind: 'email' | 'text';
  request: unknown;
}

/** `error`: the template's own, as text. */
export type ThreadAnswer = { id: number } & ({ ok: true; rendered: unknown } | { ok: false; error: string });

interface Job {
  message: ThreadRequest;
  resolve(rendered: unknown): void;
  reject(error: Error): void;
}

/** Longer than the thread lets a template run: it answers by itself, unless something native hangs. */
const SILENT_MS = 5_000;
/** The thread ends when nothing was rendered for so long. */
const IDLE_MS = 60_000;
const HEAP_MB = 256;
/** Messages that wait for the thread. Further ones fail, and their deliveries are tried again later. */
const MAX_WAITING = 50;

/** Renders one message at a time in a thread of its own, which starts when it is first needed. */
export class RenderThread {
  #worker: Worker | undefined;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 0;
  readonly #waiting: Job[] = [];

  /** @throws TemplateError; RendererUnavailable */
  render(kind: ThreadRequest['kind'], request: unknown): Promise<unknown> {
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new RendererUnavailable('too many messages wait to be rendered'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message: { id: this.#nextId++, kind, request }, resolve, reject });
      this.#next();
    });
  }

  /** Messages that wait for the thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
    this.#fail(new RendererUnavailable('the renderer was closed'));
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#timer);
    this.#current = this.#waiting.shift();
    this.#worker ??= this.#start();
    this.#timer = setTimeout(() => this.#stop(), this.#current ? SILENT_MS : IDLE_MS).unref();
    if (this.#current) this.#worker.postMessage(this.#current.message);
  }

  #start(): Worker {
    const worker = startThread(new URL('./render-thread-main.ts', import.meta.url), null, {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on('message', (answer: ThreadAnswer) => this.#receive(answer));
    worker.on('error', (error) => {
      if (worker === this.#worker)
        this.#fail(new TemplateError(`it could not be rendered: ${error.message}`));
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#fail(new RendererUnavailable('the renderer ended'));
    });
    return worker;
  }

  #receive(answer: ThreadAnswer): void {
    const job = this.#current;
    if (job?.message.id !== answer.id) return;
    this.#current = undefined;
    if (answer.ok) job.resolve(answer.rendered);
    else job.reject(new TemplateError(answer.error));
    this.#next();
  }

  /** Ends a thread that is silent or idle. */
  #stop(): void {
    void this.#worker?.terminate();
    this.#fail(new TemplateError('takes too long to render'));
  }

  /** The thread is gone. The next message starts another. */
  #fail(error: Error): void {
    this.#worker = undefined;
    const job = this.#current;
    this.#current = undefined;
    job?.reject(error);
    if (this.#waiting.length > 0) this.#next();
  }
}
