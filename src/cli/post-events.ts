import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';

/** Where a command sends events. */
export interface EventTarget {
  url: string;
  writeKey: string;
}

interface PostOptions {
  /** Ends the tries. */
  signal: AbortSignal;
  /** The events are history: they change profiles, and enter no journey. Their times hold to the millisecond. */
  historical?: boolean;
}

const TRIES = 12;
const REQUEST_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends events in one request, and tries again while the API is away or has enough to do. Events need message ids, so
 * that a repeated request counts once.
 *
 * @throws UserError when the API refuses them, or doesn't accept them in several minutes
 */
export async function postEvents(
  events: unknown[],
  target: EventTarget,
  options: PostOptions,
): Promise<void> {
  const { signal, historical } = options;
  // The API corrects times by how far this machine's clock is ahead. Those of history are of another clock.
  const body = JSON.stringify({
    batch: events,
    ...(historical ? { historical } : { sentAt: new Date().toISOString() }),
  });
  let why = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const refusal = await postOnce(body, target, signal);
    if (!refusal) return;
    why = refusal.why;
    const doubled = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
    const jittered = doubled * (0.75 + Math.random() / 2);
    if (attempt < TRIES - 1) await sleep(Math.max(jittered, refusal.afterMs), undefined, { signal });
  }
  throw new UserError(
    `${target.url} did not accept the events in ${TRIES} tries (${why}): check that npm start runs, then try again`,
  );
}

/**
 * Sends one batch.
 *
 * @returns null if it was accepted, otherwise why and after which pause to try again
 * @throws UserError when another try would fail as well
 */
async function postOnce(
  body: string,
  { url, writeKey }: EventTarget,
  signal: AbortSignal,
): Promise<{ why: string; afterMs: number } | null> {
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    // Always read to the end, because the connection is reused only then.
    const text = await response.text();
    if (response.ok) return null;
    const { status } = response;
    if (status !== 429 && status < 500) throw refused(status, text, url);
    const seconds = Number(response.headers.get('retry-after') ?? 0) || 0;
    return { why: `status ${status}`, afterMs: Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    return { why: describeCause(error as Error), afterMs: 0 };
  }
}

function refused(status: number, text: string, url: string): UserError {
  if (status === 401 || status === 403) {
    return new UserError(
      `${url} refuses the write key (status ${status}): use the one in .throughline/dev.json, or set THROUGHLINE_WRITE_KEY`,
    );
  }
  return new UserError(`${url}/v1/batch answered ${status}: ${text.trim().slice(0, 200)}`);
}

function describeCause(error: Error): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}
