import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from './tally.ts';
import type { Target } from './target.ts';

const CUSTOMERS = 30;
const WAIT_MS = 60_000;
const PAUSE_MS = 200;

/** Customers whom the fuzzing parts send events of. */
export const FUZZED_USERS: readonly string[] = Array.from(
  { length: CUSTOMERS },
  (_, index) => `fuzzed-${index}`,
);

/** After the attacks: each customer of whom hostile events were sent orders, and has to get the confirmation. */
export async function checkNobodyIsStuck(target: Target, tally: Tally): Promise<void> {
  const { home } = target;
  const missing = new Set<string>();
  for (const userId of FUZZED_USERS) {
    const orderId = `good-${userId}-${Date.now()}`;
    missing.add(orderId);
    const request = {
      method: 'POST',
      path: '/v1/track',
      key: home.write,
      body: JSON.stringify({
        userId,
        event: 'Order Completed',
        properties: { order_id: orderId, total: 20 },
        context: { traits: { email: `${userId}@example.com` } },
      }),
    };
    tally.expect(request, await target.http.send(request), [200]);
  }
  const began = performance.now();
  let stuck: Stuck[] = [];
  do {
    await sleep(PAUSE_MS);
    const subjects = target.messages().map(({ subject }) => subject);
    for (const orderId of missing)
      if (subjects.some((subject) => subject.includes(orderId))) missing.delete(orderId);
    stuck = await findStuck(target);
  } while (missing.size + stuck.length > 0 && performance.now() - began < WAIT_MS);
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
  const seconds = WAIT_MS / 1_000;
  for (const orderId of missing) {
    const why = await findWhy(target, orderId);
    tally.report(
      `the order was accepted, and its confirmation did not come within ${seconds} s: ${why}`,
      orderId,
    );
  }
  for (const { id, why } of stuck) tally.report(`a journey is stuck: ${why}`, id);
}

interface Stuck {
  id: string;
  why: string;
}

/** Journeys whose events nobody processes, or that were parked. */
async function findStuck({ db, home }: Target): Promise<Stuck[]> {
  return db.sql<Stuck[]>`
    select w.customer_id as id,
      coalesce('parked as poison: ' || (j.state -> 'poison')::text, 'its events are not processed') as why
    from wakes w left join journeys j on j.customer_id = w.customer_id
    where w.workspace = ${home.id} and (w.requested_seq > w.processed_seq or j.state ? 'poison')`;
}

/** What became of an order, as JSON. */
async function findWhy({ db, home }: Target, orderId: string): Promise<string> {
  const [row] = await db.sql<{ why: unknown }[]>`
    select jsonb_build_object(
      'event', (select jsonb_agg(jsonb_build_object('customer', customer_id, 'seq', seq, 'notes', notes, 'repeats', repeats))
        from events where workspace = ${home.id} and body -> 'properties' ->> 'order_id' = ${orderId}),
      'rejected', (select count(*) from rejected where workspace = ${home.id} and body::text like ${`%${orderId}%`}),
      'enrollments', (select jsonb_agg(to_jsonb(e) - 'workspace') from enrollments e where workspace = ${home.id} and key = ${orderId}),
      'deliveries', (select jsonb_agg(to_jsonb(d) - 'workspace' - 'definition') from deliveries d where workspace = ${home.id} and d.key = ${orderId})) as why`;
  return JSON.stringify(row?.why);
}
