import type postgres from 'postgres';
import type { Person } from '../said.ts';
import type { Change } from './commit-order.ts';
import type {
  CouponRow,
  CustomerRow,
  DatabaseEvidence,
  DecisionRow,
  DeliveryRow,
  EventRow,
} from './evidence.ts';

/**
 * The candidates of a decision, out of its compressed record. The caller passes it in, because the format is the
 * product's.
 */
export type CandidateDecoder = (record: Uint8Array) => {
  gates?: {
    gate: string;
    pass: boolean;
    code?: string | undefined;
    liftsAt?: number | null | undefined;
    liftsOn?: string | null | undefined;
  }[];
}[];

/** Reads what the database holds about these people, with statements of the checker's own. */
export async function readDatabase(
  sql: postgres.Sql | postgres.TransactionSql,
  people: Person[],
  decode: CandidateDecoder,
): Promise<DatabaseEvidence> {
  const values = people.flatMap(({ userId, anonymousId }) =>
    anonymousId ? [userId, anonymousId] : [userId],
  );
  const identities = await sql<{ value: string; customerId: string }[]>`
    select value, customer_id as "customerId" from identities
    where type in ('user', 'anon') and value = any(${values})`;
  const known = [...new Set(identities.map((row) => row.customerId))];
  const customers = await sql<CustomerRow[]>`
    select c.id, c.seq::int, c.merged_into as "mergedInto", w.processed_seq::int as "processedSeq", j.ordinal
    from customers c left join journeys j on j.customer_id = c.id left join wakes w on w.customer_id = c.id
    where c.id = any(${known}) or c.merged_into = any(${known})`;
  const ids = customers.map((row) => row.id);
  const changes = await sql<Change[]>`
    select n::int, "table", before, after from chaos.changes
    where coalesce(after, before) ->> 'customer_id' = any(${ids}) or before ->> 'customer_id' = any(${ids})
      or ("table" = 'customers' and coalesce(after, before) ->> 'id' = any(${ids}))
    order by n`;
  return {
    customerOf: new Map(identities.map((row) => [row.value, row.customerId])),
    customers,
    changes,
    events: await sql<EventRow[]>`
      select customer_id as "customerId", seq::int, message_id as "messageId", name,
        body #>> '{properties,reason}' as reason
      from events where customer_id = any(${ids}) order by customer_id, seq`,
    rejected: await sql<{ messageId: string | null; reason: string }[]>`
      select message_id as "messageId", reason from rejected
      where message_id = any(${people.flatMap(({ steps }) => steps.map(({ said }) => said.id))})`,
    deliveries: await sql<DeliveryRow[]>`
      select id, customer_id as "customerId", action, class, channel, key, state, provider_id as provider
      from deliveries where customer_id = any(${ids}) order by id`,
    coupons: await sql<CouponRow[]>`
      select id, customer_id as "customerId", action, once, code from coupons where customer_id = any(${ids})`,
    decisions: await readDecisions(sql, ids, decode),
  };
}

async function readDecisions(
  sql: postgres.Sql | postgres.TransactionSql,
  ids: string[],
  decode: CandidateDecoder,
): Promise<DecisionRow[]> {
  const rows = await sql<{ customerId: string; epoch: number; ordinal: number; record: Uint8Array }[]>`
    select customer_id as "customerId", epoch, ordinal, record from decisions
    where customer_id = any(${ids}) and kind = 'journey' order by customer_id, epoch, ordinal`;
  return rows.map(({ record, ...row }) => ({
    ...row,
    blocks: decode(record).flatMap(({ gates = [] }) =>
      gates
        .filter(({ pass }) => !pass)
        .map(({ gate, code, liftsAt, liftsOn }) => ({
          gate,
          code: code ?? null,
          lifts: (liftsAt ?? liftsOn ?? null) !== null,
        })),
    ),
  }));
}
