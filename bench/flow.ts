import { setTimeout as sleep } from 'node:timers/promises';
import { decisiveEvent, entryEvent } from './events.ts';
import type { House } from './house.ts';
import { batchBody, batches, createSender, inParallel, type Sender } from './http.ts';

const BATCH = 100;
const WIDTH = 8;
const POLL_MS = 10;
const LIMIT_MS = 60_000;

/** Sends events through a whole house, and knows when their decisions are committed. */
export interface Flow {
  sender: Sender;
  /** An event that leads to a decision, for each of these customers in this order. Resolves when all are decided. */
  run(customers: number[]): Promise<void>;
  /** Makes customers whose journeys run, hold candidates, and have come to rest. */
  enter(count: number): Promise<void>;
  /** A fresh message id. */
  id(): string;
}

export function createFlow(house: House): Flow {
  const sender = createSender(house.url, house.writeKeys, WIDTH);
  let counter = 0;
  const id = () => `bench-${counter++}`;
  const send = (customers: number[], eventOf: (customer: number, id: string) => object) =>
    inParallel(batches(customers, BATCH), WIDTH, (batch, index) =>
      sender.post('/v1/batch', batchBody(batch.map((customer) => eventOf(customer, id()))), index),
    );
  const decided = () => until(house, 'select from wakes where want_seq > took_seq');
  return {
    sender,
    id,
    async run(customers) {
      await send(customers, decisiveEvent);
      await decided();
    },
    async enter(count) {
      await send([...Array(count).keys()], entryEvent);
      await decided();
      await until(
        house,
        `select from deliveries where state in ('planned', 'sending')
         union all select from wakes where want_seq > took_seq`,
      );
    },
  };
}

/** Waits until a query has no rows. It's asked often and costs next to nothing: the index holds open wakes only. */
async function until({ db }: House, query: string): Promise<void> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const [row] = await db.sql.unsafe<{ open: boolean }[]>(`select exists(${query}) as open`);
    if (!row?.open) return;
  }
  throw new Error(`the journeys did not come to rest within ${LIMIT_MS / 1_000} s`);
}
