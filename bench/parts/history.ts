import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { buildShopEvent, toUserId } from '../events.ts';
import type { Flow } from '../flow.ts';
import { encodeBatch } from '../http-sender.ts';
import type { Result } from '../result.ts';
import { median } from '../stats.ts';
import { type BenchSystem, WORKSPACE } from '../system.ts';

/** Numbers above those of the other parts, and divisible by ten, so that these customers order. */
const FIRST = 1_000_000;
const CUSTOMERS = 5;
const LIMIT_MS = 20_000;

/** d: history events of one order, from its signal until its confirmation has left and the journey has settled. */
export async function benchHistory(system: BenchSystem, flow: Flow, client: Client): Promise<Result[]> {
  const lengths: number[] = [];
  let kinds: string[] = [];
  for (let index = 0; index < CUSTOMERS; index++) {
    const customer = FIRST + index * 10;
    // The first order also starts the workflow and its timer; the second is typical.
    await order(system, flow, customer, 1);
    const id = await customerIdOf(system, customer);
    const handle = client.workflow.getHandle(buildWorkflowId(WORKSPACE, id));
    const before = await handle.describe();
    await order(system, flow, customer, 2);
    const { events = [] } = await handle.fetchHistory();
    const fresh = (events ?? []).slice(before.historyLength);
    lengths.push(fresh.length);
    kinds = fresh.map((event) => proto.temporal.api.enums.v1.EventType[event.eventType ?? 0] ?? '?');
  }
  console.log(`  d: ${kinds.map((kind) => kind.replace('EVENT_TYPE_', '').toLowerCase()).join(', ')}`);
  const goal = { at: 'most', value: 12 } as const;
  const what = 'history events of a decision with one send';
  return [
    { part: 'd', measure: what, ours: median(lengths), floor: null, unit: 'events', ratio: null, goal },
  ];
}

async function order(system: BenchSystem, flow: Flow, customer: number, sent: number): Promise<void> {
  const event = buildShopEvent(customer, flow.nextMessageId());
  const context = { ...event.context, traits: { email: `${toUserId(customer)}@example.com` } };
  await flow.sender.post('/v1/batch', encodeBatch([{ ...event, context }]));
  const id = await customerIdOf(system, customer);
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(50)) {
    const [row] = await system.db.sql<{ sent: number; rests: boolean }[]>`
      select (select count(*) from deliveries where customer_id = ${id} and state = 'sent') as sent,
        requested_seq <= processed_seq as rests from wakes where customer_id = ${id}`;
    if (row?.rests && row.sent === sent) {
      // The answer is committed before the workflow receives it.
      await sleep(500);
      return;
    }
  }
  throw new Error(`the confirmation of ${toUserId(customer)} was not sent within ${LIMIT_MS / 1_000} s`);
}

async function customerIdOf({ db }: BenchSystem, customer: number): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`
    select customer_id as id from identities where workspace = ${WORKSPACE} and type = 'user' and value = ${toUserId(customer)}`;
  return row?.id ?? '';
}
