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
 * Sends purchases by HTTP, in batches, over several lanes. All purchases of a customer are in one lane, and a lane waits
 * for each answer. So a customer's purchases arrive in the order of the file, even if a request is retried.
 */
export async function sendPurchases(
  purchases: Purchase[],
  run: FeedRun,
  target: Pick<FeedTarget, 'url' | 'writeKey'>,
  onSent: (count: number) => void,
): Promise<void> {
  const failed = new AbortController();
  await Promise.all(
    splitIntoLanes(purchases).map(async (lane) => {
      try {
        for (let from = 0; from < lane.length && !failed.signal.aborted; from += BATCH) {
          const batch = lane.slice(from, from + BATCH);
          await post(batch, run, target, failed.signal);
          onSent(batch.length);
        }
      } catch (error) {
        // The other lanes fail only because the first failure aborted them.
        if (failed.signal.aborted) return;
        failed.abort();
        throw error;
      }
    }),
  );
}

function splitIntoLanes(purchases: Purchase[]): Purchase[][] {
  const lanes: Purchase[][] = Array.from({ length: LANES }, () => []);
  const laneByCustomer = new Map<string, Purchase[]>();
  for (const purchase of purchases) {
    const lane = laneByCustomer.get(purchase.customer) ?? (lanes[laneByCustomer.size % LANES] as Purchase[]);
    laneByCustomer.set(purchase.customer, lane);
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
  // Built once: a retry sends the time of the purchase, not the time of the retry.
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
