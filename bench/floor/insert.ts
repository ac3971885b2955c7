import process from 'node:process';
import { uuidv7 } from 'uuidv7';
import { openDatabase, type Sql } from '../../db/client.ts';
import { buildShopEvent, shuffleNumbers } from '../events.ts';
import { runInParallel, splitIntoBatches } from '../http-sender.ts';

// The floor of part a: inserts rows like those of the log, without locks, lookups and folds.

export interface InsertRequest {
  events: number;
  batch: number;
  connections: number;
}
export type InsertReply = { ready: true } | { seconds: number };

const db = openDatabase(process.env.DATABASE_URL ?? '', { name: 'bench-floor', max: 16 });
const customers = new Map<number, { id: string; seq: number }>();

process.on('disconnect', () => process.exit());
process.on('message', async (order: InsertRequest) => {
  const rows = shuffleNumbers(order.events).map(rowOf);
  const began = performance.now();
  await runInParallel(splitIntoBatches(rows, order.batch), order.connections, (batch) =>
    insert(db.sql, batch),
  );
  process.send?.({ seconds: (performance.now() - began) / 1_000 } satisfies InsertReply);
});

await db.sql`create table bare_events (like events including all)`;
process.send?.({ ready: true } satisfies InsertReply);

type Row = ReturnType<typeof rowOf>;

function rowOf(number: number) {
  const customer = customers.get(number) ?? { id: `cus_${uuidv7().replaceAll('-', '')}`, seq: 0 };
  customers.set(number, customer);
  const event = buildShopEvent(number, uuidv7());
  const at = new Date().toISOString();
  return {
    customer_id: customer.id,
    seq: ++customer.seq,
    workspace: 'aroma',
    id: `evt_${uuidv7().replaceAll('-', '')}`,
    message_id: event.messageId,
    type: event.type,
    name: event.event,
    at,
    accepted_at: at,
    historical: false,
    source: 'segment',
    body: { properties: event.properties, traits: {}, context: event.context },
  };
}

/** Inserts rows with one JSON text per statement, the fastest method that we found (bench/README.md). */
async function insert(sql: Sql, rows: Row[]): Promise<void> {
  await sql`
    insert into bare_events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      customer_id text, seq bigint, workspace text, id text, message_id text, type text, name text, at timestamptz,
      accepted_at timestamptz, historical boolean, source text, body jsonb)`;
}
