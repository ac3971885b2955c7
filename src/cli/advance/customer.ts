import { setTimeout as sleep } from 'node:timers/promises';
import type { TimelineItem } from '../../sentences/describe-item.ts';
import { UserError } from '../../user-error.ts';
import { type ApiTarget, callApi, describeRefusal } from '../bundle/api-client.ts';

const POLL_MS = 100;
const SETTLE_MS = 20_000;
/** Effects that wait for a later hour stay in flight. What has not changed for so long waits for time to pass. */
const UNCHANGED_MS = 1_000;
const PAGE = 100;
const MAX_PAGES = 5;

/** What `advance` reads of a customer. */
export interface CustomerState {
  id: string;
  workspace: string;
  eventSeq: number;
  processedSeq: number;
  ordinal: number;
  timezone: string;
  enrollments: { journey: string; step: string; state: string; wakers: { at?: string; reason?: string }[] }[];
  live?: { inFlight: string[]; unprocessed: number } | null;
}

/** An item of the timeline. A decision has its own id as `decisionId`, an event that of the decision that processed it. */
export interface TimelineEntry extends TimelineItem {
  id: string;
  decisionId: string | null;
}

/** Reads the customer with the live state of the workflow. @throws UserError when the API refuses */
async function readCustomer(api: ApiTarget, ref: string): Promise<CustomerState> {
  const answer = await callApi<CustomerState>(
    api,
    'GET',
    `/v1/customers/${encodeURIComponent(ref)}?live=true`,
  );
  if (answer.ok) return answer.body;
  if (answer.status === 404)
    throw new UserError(`there is no customer ${ref} at ${api.url}: send an event of this customer first`);
  throw new UserError(`${ref}: ${describeRefusal(answer)}`);
}

/** Waits until the journey has processed all events. @throws UserError when it does not move */
export function waitUntilProcessed(api: ApiTarget, ref: string): Promise<CustomerState> {
  return waitFor(api, ref, () => true);
}

/**
 * Waits until the journey has processed all events and its effects have ended, or wait for a later hour.
 *
 * @throws UserError when it does not move
 */
export function waitUntilSettled(api: ApiTarget, ref: string): Promise<CustomerState> {
  let unchangedSince = Date.now();
  let before = '';
  return waitFor(api, ref, ({ ordinal, processedSeq, live }) => {
    if (live?.unprocessed !== 0) return false;
    const now = JSON.stringify([ordinal, processedSeq, live.inFlight]);
    if (now !== before) unchangedSince = Date.now();
    before = now;
    return live.inFlight.length === 0 || Date.now() - unchangedSince >= UNCHANGED_MS;
  });
}

async function waitFor(
  api: ApiTarget,
  ref: string,
  isReady: (customer: CustomerState) => boolean,
): Promise<CustomerState> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const customer = await readCustomer(api, ref);
    if (customer.processedSeq >= customer.eventSeq && isReady(customer)) return customer;
    if (Date.now() >= deadline)
      throw new UserError(
        `the journey of ${ref} has not processed all events after ${SETTLE_MS / 1_000} s: check that relay and worker run`,
      );
    await sleep(POLL_MS);
  }
}

/** The items of the timeline that are not among `seen`, oldest first. */
export async function readNewItems(
  api: ApiTarget,
  ref: string,
  seen: ReadonlySet<string>,
): Promise<TimelineEntry[]> {
  const found: TimelineEntry[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, nextCursor } = await readTimeline(api, ref, cursor);
    const fresh = data.filter((item) => !seen.has(itemKey(item)));
    found.push(...fresh);
    if (fresh.length < data.length || nextCursor === null) break;
    cursor = nextCursor;
  }
  return found.reverse();
}

/** The newest items of the timeline, for {@link readNewItems}. */
export async function readSeenItems(api: ApiTarget, ref: string): Promise<Set<string>> {
  const { data } = await readTimeline(api, ref, null);
  return new Set(data.map(itemKey));
}

/** An item of an effect changes with its state. */
function itemKey({ id, title }: TimelineEntry): string {
  return `${id} ${title}`;
}

async function readTimeline(
  api: ApiTarget,
  ref: string,
  cursor: string | null,
): Promise<{ data: TimelineEntry[]; nextCursor: string | null }> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === null ? {} : { cursor }) });
  const path = `/v1/customers/${encodeURIComponent(ref)}/timeline?${query}`;
  const answer = await callApi<{ data: TimelineEntry[]; nextCursor: string | null }>(api, 'GET', path);
  if (answer.ok) return answer.body;
  throw new UserError(`${ref}: ${describeRefusal(answer)}`);
}
