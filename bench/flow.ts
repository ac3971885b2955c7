import { setTimeout as sleep } from 'node:timers/promises';
import { buildDecisiveEvent, buildEntryEvent } from './events.ts';
import { createSender, encodeBatch, runInParallel, type Sender, splitIntoBatches } from './http-sender.ts';
import type { BenchSystem } from './system.ts';

const BATCH = 100;
const WIDTH = 8;
const POLL_MS = 10;
const LIMIT_MS = 60_000;

/** Sends events through a running system, and waits until their decisions are committed. */
export interface Flow {
  sender: Sender;
  /** Sends one event that causes a decision for each of these customers, in this order. Resolves when all are decided. */
  decideAll(customers: number[]): Promise<void>;
  /** Creates customers whose journeys hold candidates and have settled. */
  enterJourneys(count: number): Promise<void>;
  /** Returns a new message id. */
  nextMessageId(): string;
}

export function createFlow(system: BenchSystem): Flow {
  const sender = createSender(system.urls, system.writeKeys, WIDTH);
  let counter = 0;
  const id = () => `bench-${counter++}`;
  const send = (customers: number[], eventOf: (customer: number, id: string) => object) =>
    runInParallel(splitIntoBatches(customers, BATCH), WIDTH, (batch, index) =>
      sender.post('/v1/batch', encodeBatch(batch.map((customer) => eventOf(customer, id()))), index),
    );
  const decided = () => until(system, 'select from wakes where requested_seq > processed_seq');
  return {
    sender,
    nextMessageId: id,
    async decideAll(customers) {
      await send(customers, buildDecisiveEvent);
      await decided();
    },
    async enterJourneys(count) {
      await send([...Array(count).keys()], buildEntryEvent);
      await decided();
      await until(
        system,
        `select from deliveries where state in ('planned', 'sending')
         union all select from wakes where requested_seq > processed_seq`,
      );
    },
  };
}

/** Waits until a query returns no row. It polls often, at little cost: the index holds open wakes only. */
async function until({ db }: BenchSystem, query: string): Promise<void> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const [row] = await db.sql.unsafe<{ open: boolean }[]>(`select exists(${query}) as open`);
    if (!row?.open) return;
  }
  throw new Error(`the journeys did not settle within ${LIMIT_MS / 1_000} s`);
}
