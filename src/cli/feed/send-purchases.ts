import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import type { Purchase } from './parse-purchases.ts';
import { buildPurchaseEvent, type FeedRun } from './purchase-event.ts';
import type { FeedTarget } from './target.ts';

const BATCH = 100;
/** Requests in flight. */
const LANES = 4;
const TRIES = 12;
const REQUEST_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends purchases by HTTP, in batches. Each customer keeps to one lane and a lane waits for its answer before it goes
 * on, so that a customer's purchases arrive in the file's order even when a request has to be tried again.
 */
export async function sendPurchases(
  purchases: Purchase[],
  run: FeedRun,
  target: Pick<FeedTarget, 'url' | 'writeKey'>,
  onSent: (count: number) => void,
): Promise<void> {
  const failed = new AbortController();
  await Promise.all(
    lanesOf(purchases).map(async (lane) => {
      try {
        for (let from = 0; from < lane.length && !failed.signal.aborted; from += BATCH) {
          const batch = lane.slice(from, from + BATCH);
          await post(batch, run, target, failed.signal);
          onSent(batch.length);
        }
      } catch (error) {
        // The other lanes' errors are but echoes of the first.
        if (failed.signal.aborted) return;
        failed.abort();
        throw error;
      }
    }),
  );
}

function lanesOf(purchases: Purchase[]): Purchase[][] {
  const lanes: Purchase[][] = Array.from({ length: LANES }, () => []);
  const laneOf = new Map<string, Purchase[]>();
  for (const purchase of purchases) {
    const lane = laneOf.get(purchase.customer) ?? (lanes[laneOf.size % LANES] as Purchase[]);
    laneOf.set(purchase.customer, lane);
    lane.push(purchase);
  }
  return lanes;
}

async function post(
  batch: Purchase[],
  run: FeedRun,
  target: Pick<FeedTarget, 'url' | 'writeKey'>,
  signal: AbortSignal,
): Promise<void> {
  // Made once: a retry says when the purchase happened, not when it was told again.
  const now = new Date();
  const events = batch.map((purchase) => buildPurchaseEvent(purchase, run, now));
  let why = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const refusal = await postOnce(events, target, signal);
    if (!refusal) return;
    why = refusal.why;
    const doubled = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
    const jittered = doubled * (0.75 + Math.random() / 2);
    if (attempt < TRIES - 1) await sleep(Math.max(jittered, refusal.afterMs), undefined, { signal });
  }
  throw new UserError(
    `${target.url} did not take the events in ${TRIES} tries (${why}): see whether npm start runs, then feed again`,
  );
}

/** Null when taken, else why it must be tried again and when at the earliest. @throws UserError when trying is no use. */
async function postOnce(
  events: unknown[],
  { url, writeKey }: Pick<FeedTarget, 'url' | 'writeKey'>,
  signal: AbortSignal,
): Promise<{ why: string; afterMs: number } | null> {
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ batch: events, sentAt: new Date().toISOString() }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    // Read to its end in any case, else the connection can't be used again.
    const text = await response.text();
    if (response.ok) return null;
    const { status } = response;
    if (status !== 429 && status < 500) throw refused(status, text, url);
    const seconds = Number(response.headers.get('retry-after') ?? 0) || 0;
    return { why: `status ${status}`, afterMs: Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    return { why: causeOf(error as Error), afterMs: 0 };
  }
}

function refused(status: number, text: string, url: string): UserError {
  if (status === 401 || status === 403) {
    return new UserError(
      `${url} refuses the write key (status ${status}): take the one of .throughline/dev.json, or set THROUGHLINE_WRITE_KEY`,
    );
  }
  return new UserError(`${url}/v1/batch answered ${status}: ${text.trim().slice(0, 200)}`);
}

function causeOf(error: Error): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}
