/** `connecting` until the first `hello`; `reconnecting` after a break. */
export type LiveState = 'connecting' | 'live' | 'reconnecting';

interface Options {
  url: string;
  /** Something has changed, or may have while there was no connection. It is awaited before the next call. */
  onChange(): Promise<unknown>;
  onState(state: LiveState): void;
  /** For tests. */
  createSource?: (url: string) => Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;
}

/** What streams say: what is read from now on can't become old unnoticed; or what has become old. */
const CHANGES = ['hello', 'changed', 'merged', 'erased'];
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Changes that follow each other are read together. */
const GATHER_MS = 300;
const CLOSED = 2;

/** The connection of this page: there is never more than one, because browsers allow a server six in all tabs. */
let current: LiveConnection | null = null;

/** An event stream that opens again after breaks and refusals, later each time. */
export class LiveConnection {
  private source: ReturnType<NonNullable<Options['createSource']>> | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshing = false;
  private isStale = false;
  private isOver = false;
  private wasLive = false;
  private readonly options: Options;

  constructor(options: Options) {
    this.options = options;
    current?.pause();
    current = this;
    this.open();
  }

  /** Ends the connection, as of a tab that nobody sees. */
  pause(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  /** Opens it again after a pause. */
  resume(): void {
    if (!this.isOver && current === this && this.source === null) this.open();
  }

  close(): void {
    this.isOver = true;
    this.pause();
    if (current === this) current = null;
  }

  private open(): void {
    clearTimeout(this.timer);
    this.options.onState(this.wasLive ? 'reconnecting' : 'connecting');
    const create = this.options.createSource ?? ((url: string) => new EventSource(url));
    const source = create(this.options.url);
    this.source = source;
    for (const name of CHANGES)
      source.addEventListener(name, () => {
        if (source !== this.source) return;
        this.pauseMs = FIRST_PAUSE_MS;
        this.wasLive = true;
        this.options.onState('live');
        this.refresh();
      });
    source.addEventListener('error', () => {
      if (source === this.source) this.noteBreak(source.readyState);
    });
  }

  /** The browser comes again by itself after a break, and not after a refusal. */
  private noteBreak(readyState: number): void {
    this.options.onState(this.wasLive ? 'reconnecting' : 'connecting');
    if (readyState !== CLOSED) return;
    this.source = null;
    this.timer = setTimeout(() => this.resume(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    // The answer says why, for example that the session has ended.
    this.refresh();
  }

  private refresh(): void {
    this.isStale = true;
    if (this.refreshing) return;
    this.refreshing = true;
    setTimeout(() => void this.refreshOnce(), GATHER_MS);
  }

  private async refreshOnce(): Promise<void> {
    this.isStale = false;
    // A query that failed shows so itself.
    if (!this.isOver) await this.options.onChange().catch(() => {});
    this.refreshing = false;
    if (this.isStale && !this.isOver) this.refresh();
  }
}
