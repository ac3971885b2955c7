import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTime } from '../../domain/time/read-time.ts';
import { type Instant, parseDuration } from '../../domain/time/time.ts';
import { describeItem } from '../../sentences/describe-item.ts';
import { type Message, message } from '../../sentences/message.ts';
import { UserError } from '../../user-error.ts';
import { type ApiTarget, readApiTarget } from '../bundle/api-client.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { type Customer, explainRefusal, RefusedError, read, readCustomer } from './customer-api.ts';
import { createStyle, createTerminalSentences, toSafeJson } from './print.ts';
import { type TimelineItem, type TimelinePage, TimelineReader } from './timeline-reader.ts';

export interface TailOptions {
  lines?: string;
  since?: string;
  follow?: boolean;
  json?: boolean;
}

/** Pauses between two looks at the timeline, and what stops it besides Ctrl-C. */
export interface TailSettings {
  pollMs: number;
  retryMs: number;
  signal?: AbortSignal;
}

const SETTINGS: TailSettings = { pollMs: 1_000, retryMs: 2_000 };
const DEFAULT_LINES = 20;

/** Prints what happened to a customer, and goes on with what happens, until it is stopped or the customer is erased. */
export async function tailCommand(ref: string, options: TailOptions, settings = SETTINGS): Promise<void> {
  const { signal, stop, done } = stopOnSignals(settings.signal);
  // `tail … | head` closes the pipe: that is the end, and no error.
  const end = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop();
  };
  process.stdout.on('error', end);
  try {
    await new Tail(ref, options, { ...settings, signal }).run();
  } finally {
    done();
    process.stdout.off('error', end);
  }
}

class Tail {
  readonly #ref: string;
  readonly #options: TailOptions;
  readonly #settings: Required<TailSettings>;
  readonly #target: ApiTarget = readApiTarget();
  readonly #style = createStyle();
  readonly #reader: TimelineReader;
  #customer: Pick<Customer, 'id' | 'timezone'> | null = null;

  constructor(ref: string, options: TailOptions, settings: Required<TailSettings>) {
    this.#ref = ref;
    this.#options = options;
    this.#settings = settings;
    this.#reader = new TimelineReader((cursor, limit) => this.#readPage(cursor, limit));
  }

  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      throw error instanceof RefusedError ? new UserError(explainRefusal(this.#ref, error)) : error;
    }
  }

  async #run(): Promise<void> {
    const past = { lines: parseLines(this.#options.lines), since: parseSince(this.#options.since) };
    try {
      this.#customer = await readCustomer(this.#target, this.#ref);
      if (!this.#options.json) this.#notice(message('fact.zone', { zone: this.#sentences().zone }));
      await this.#printAll(await this.#reader.readPast(past));
    } catch (error) {
      if (this.#endsHere(error)) return;
      throw error;
    }
    if (this.#options.follow !== false) await this.#follow();
  }

  async #follow(): Promise<void> {
    const { signal, pollMs, retryMs } = this.#settings;
    let isLost = false;
    while (!signal.aborted) {
      try {
        await sleep(isLost ? retryMs : pollMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        const items = await this.#reader.readNew();
        if (isLost) this.#notice(message('follow.back', {}));
        isLost = false;
        await this.#printAll(items);
      } catch (error) {
        if (this.#endsHere(error)) return;
        if (!isAway(error)) throw error;
        if (!isLost) this.#notice(message('follow.lost', { cause: error.message }));
        isLost = true;
      }
    }
  }

  #readPage(cursor: string | null, limit: number): Promise<TimelinePage> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(cursor === null ? {} : { cursor }),
    });
    const id = this.#customer?.id ?? this.#ref;
    return read(this.#target, `/v1/customers/${encodeURIComponent(id)}/timeline?${query}`);
  }

  async #printAll(items: readonly TimelineItem[]): Promise<void> {
    for (const item of items) {
      this.#print(item);
      await this.#followMerge(item);
    }
  }

  #print(item: TimelineItem): void {
    const sentence = this.#sentences().write(describeItem(item));
    if (this.#options.json) {
      console.log(toSafeJson({ ...item, sentence }));
      return;
    }
    const isEffect = item.kind === 'delivery' || item.kind === 'task';
    const at = readTime(isEffect ? item.acceptedAt : item.at) ?? 0;
    console.log(`${this.#style.dim(this.#sentences().stamp(at))}  ${sentence}`);
  }

  /** Goes on with the customer into whom the followed one was merged. */
  async #followMerge({ title, data }: TimelineItem): Promise<void> {
    if (title !== 'Customer Merged' || !this.#customer || data.from !== this.#customer.id) return;
    const into = String(data.into);
    this.#customer = { ...this.#customer, id: into };
    this.#notice(message('follow.merged', { into }));
  }

  #endsHere(error: unknown): boolean {
    if (!(error instanceof RefusedError) || error.status !== 410) return false;
    this.#notice(message('follow.erased', { customer: this.#ref }));
    return true;
  }

  /** Notices go where errors go, so that a pipe gets items only. */
  #notice(notice: Message): void {
    console.error(this.#style.dim(this.#sentences().write(notice)));
  }

  #sentences() {
    return createTerminalSentences(this.#customer?.timezone ?? null);
  }
}

/** Whether the server is away for now: it does not answer, or something that it needs does not. */
function isAway(error: unknown): error is Error {
  if (error instanceof UserError) return true;
  return error instanceof RefusedError && (error.status === 429 || error.status >= 500);
}

function parseLines(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LINES;
  const lines = Number(text);
  if (Number.isInteger(lines) && lines >= 0 && lines <= 5_000) return lines;
  throw new UserError(`--lines is "${text}": write a number from 0 to 5000`);
}

function parseSince(text: string | undefined): Instant | null {
  if (text === undefined) return null;
  const length = parseDuration(text);
  const at = length === undefined ? readTime(text) : Date.now() - length;
  if (at !== undefined) return at;
  throw new UserError(
    `--since is "${text}": write a duration such as 2h or 3d, or a time such as 2026-11-29T08:00:00Z`,
  );
}
