import type { MessagePort } from 'node:worker_threads';

/** The process renders its metrics in some milliseconds. One that takes longer than this is blocked. */
const RENDER_MS = 1_000;

interface Snapshot {
  text: string;
  ageMs: number;
}

/** The process's metrics as this thread last got them. It requests them from the process, which may not answer. */
export class MetricsSnapshot {
  #text = '';
  #takenAt = 0;
  #startedAt = Date.now();
  #pending: Promise<void> | undefined;
  #received: () => void = () => {};
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', ({ metrics }: { metrics?: string }) => {
      if (metrics === undefined) return;
      this.#text = metrics;
      this.#takenAt = Date.now();
      this.#pending = undefined;
      this.#received();
    });
  }

  /** The current metrics, or after a second the last ones. */
  async read(): Promise<Snapshot> {
    const requestedAt = Date.now();
    this.#pending ??= this.#request();
    await Promise.race([this.#pending, new Promise((resolve) => setTimeout(resolve, RENDER_MS))]);
    const isFresh = this.#takenAt >= requestedAt;
    return { text: this.#text, ageMs: isFresh ? 0 : Date.now() - (this.#takenAt || this.#startedAt) };
  }

  #request(): Promise<void> {
    this.#port.postMessage({ render: true });
    return new Promise((resolve) => {
      this.#received = resolve;
    });
  }
}
