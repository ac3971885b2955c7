import { setTimeout as sleep } from 'node:timers/promises';
import { type CustomerView, isLive, readView } from './checker/views.ts';
import type { Person } from './said.ts';
import type { Stage } from './stage.ts';

const POLL_MS = 200;

/** Waits until a condition holds, and returns the seconds that it took; null: it did not within `patienceMs`. */
async function waitFor(isTrue: () => Promise<boolean>, patienceMs: number): Promise<number | null> {
  const began = performance.now();
  for (;;) {
    // While Postgres is away, nothing can be seen.
    const holds = await isTrue().catch(() => false);
    const took = performance.now() - began;
    if (holds) return took / 1_000;
    if (took > patienceMs) return null;
    await sleep(POLL_MS);
  }
}

/** Waits until the journeys have processed every event that is in their logs now. */
export async function waitUntilProcessed(
  { sql }: Stage,
  people: Person[],
  patienceMs: number,
): Promise<number | null> {
  const users = people.map(({ userId }) => userId);
  let behind: { id: string; seq: number }[] | null = null;
  return waitFor(async () => {
    behind ??= await sql<{ id: string; seq: number }[]>`
      select distinct c.id, c.seq::int from customers c join identities i on i.customer_id = c.id
      where i.type = 'user' and i.value = any(${users})`;
    const rows = await sql<{ id: string; seq: number }[]>`
      select t.id, t.seq from unnest(${behind.map(({ id }) => id)}::text[], ${behind.map(({ seq }) => seq)}::int[]) t(id, seq)
      join customers c on c.id = t.id and c.merged_into is null
      left join wakes w on w.customer_id = t.id where coalesce(w.processed_seq, 0) < t.seq`;
    behind = [...rows];
    return behind.length === 0;
  }, patienceMs);
}

/** Waits until no delivery of these customers is due or under way. */
export async function waitUntilDelivered(
  { sql }: Stage,
  people: Person[],
  patienceMs: number,
): Promise<number | null> {
  const users = people.map(({ userId }) => userId);
  return waitFor(async () => {
    const [row] = await sql<{ open: number }[]>`
      select count(*)::int as open from deliveries d join identities i on i.customer_id = d.customer_id
      where i.type = 'user' and i.value = any(${users})
        and (d.state = 'sending' or (d.state = 'planned' and d.at < extract(epoch from clock_timestamp()) * 1000))`;
    return row?.open === 0;
  }, patienceMs);
}

/** Asks for every customer until each workflow answers with the state of its view. Returns the last answers. */
export async function waitUntilLive(
  stage: Stage,
  people: Person[],
  patienceMs: number,
): Promise<{ seconds: number | null; views: Map<string, CustomerView | null> }> {
  const views = new Map<string, CustomerView | null>();
  let left = people;
  const seconds = await waitFor(async () => {
    const [url = ''] = stage.roles.apiUrls();
    for (const { userId } of left) views.set(userId, await readView(url, stage.apiKey, userId));
    left = left.filter(({ userId }) => !isSettled(views.get(userId) ?? null));
    return left.length === 0;
  }, patienceMs);
  return { seconds, views };
}

/** A view is read just before the workflow is asked: a timer between the two makes them differ for a moment. */
function isSettled(view: CustomerView | null): boolean {
  return isLive(view) && view.live.unprocessed === 0 && view.processedSeq === view.eventSeq;
}
