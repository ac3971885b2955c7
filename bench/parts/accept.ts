import { uuidv7 } from 'uuidv7';
import type { InsertAnswer, InsertOrder } from '../bare/insert.ts';
import { startChild } from '../child.ts';
import { shopEvent, shuffled } from '../events.ts';
import { startHouse } from '../house.ts';
import { batchBody, batches, createSender, inParallel, type Sender } from '../http.ts';
import type { Result } from '../result.ts';
import type { Servers, Stops } from '../servers.ts';
import { rounds, summarize } from '../stats.ts';

const EVENTS = 20_000;
const BATCH = 100;
const ROUNDS = 5;
const BUDGET_MS = 20_000;
const CONNECTIONS = 16;
const SINGLES = 6_000;
const SINGLE_CONNECTIONS = 64;

/** a: events accepted by HTTP, against bare inserts of the same rows. */
export async function benchAccept(servers: Servers, stops: Stops): Promise<Result[]> {
  const house = await startHouse(servers, 'accept', ['api'], stops);
  const floor = startChild<InsertOrder, InsertAnswer>(
    'insert.ts',
    { DATABASE_URL: house.databaseUrl },
    stops,
  );
  await floor.next((answer) => 'ready' in answer);
  const sender = createSender(house.url, house.writeKeys, CONNECTIONS);
  stops.push(() => sender.close());

  const bare = async () => {
    const answer = floor.next((message) => 'seconds' in message);
    floor.tell({ events: EVENTS, batch: BATCH, connections: CONNECTIONS });
    return EVENTS / ((await answer) as { seconds: number }).seconds;
  };
  // The first round makes the customers; what is measured is a house that knows them.
  const first = { ours: await accept(sender), floor: await bare() };
  const pairs = await rounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await accept(sender),
    floor: await bare(),
  }));
  const singles = createSender(house.url, house.writeKeys, SINGLE_CONNECTIONS);
  stops.push(() => singles.close());
  const perSecond = await acceptSingles(singles);

  const summary = summarize(pairs);
  const unit = 'events/s';
  const row = { part: 'a', unit, floor: null, ratio: null, goal: null };
  return [
    { ...row, what: 'accepted by HTTP, batches of 100', ...summary, goal: { at: 'least', value: 0.5 } },
    { ...row, what: 'the same, customers never seen before', ...first, ratio: first.ours / first.floor },
    { ...row, what: 'accepted by HTTP, one event a request', ours: perSecond },
  ];
}

async function accept(sender: Sender): Promise<number> {
  const bodies = batches(shuffled(EVENTS), BATCH).map((customers) =>
    batchBody(customers.map((customer) => shopEvent(customer, uuidv7()))),
  );
  const began = performance.now();
  await inParallel(bodies, CONNECTIONS, (body, index) => sender.post('/v1/batch', body, index));
  return EVENTS / ((performance.now() - began) / 1_000);
}

async function acceptSingles(sender: Sender): Promise<number> {
  const bodies = shuffled(EVENTS)
    .slice(0, SINGLES)
    .map((customer) => Buffer.from(JSON.stringify(shopEvent(customer, uuidv7()))));
  const began = performance.now();
  await inParallel(bodies, SINGLE_CONNECTIONS, (body, index) => sender.post('/v1/track', body, index));
  return SINGLES / ((performance.now() - began) / 1_000);
}
