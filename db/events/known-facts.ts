import type { Tx } from '../client.ts';
import { insertRows, overwrite, type Row, selectColumns } from '../columns.ts';
import { knownFacts } from '../schema.ts';

/**
 * The facts in a customer's log: orders, refunds, payments, tickets, questions (`src/domain/fact-identity.ts`).
 * Acceptance reads and writes them under the customer's lock. Keys and contents are hashes.
 */

const COLUMNS = ['customerId', 'key', 'content', 'at', 'eventId'] as const;

export type KnownFactRow = Row<typeof knownFacts, (typeof COLUMNS)[number]>;

/** The known facts among these keys. */
export async function readKnownFacts(
  tx: Tx,
  keys: Pick<KnownFactRow, 'customerId' | 'key'>[],
): Promise<KnownFactRow[]> {
  return tx<KnownFactRow[]>`
    select ${selectColumns(tx, knownFacts, COLUMNS, 'f')}
    from unnest(${keys.map(({ customerId }) => customerId)}::text[], ${keys.map(({ key }) => key)}::text[])
      as t(customer_id, key)
    join known_facts f on f.customer_id = t.customer_id and f.key = t.key`;
}

export async function saveKnownFacts(tx: Tx, rows: KnownFactRow[]): Promise<void> {
  await tx`
    ${insertRows(tx, knownFacts, COLUMNS, rows)}
    on conflict (customer_id, key) do update set ${overwrite(tx, knownFacts, ['content', 'at', 'eventId'])}`;
}

/** A fact in the logs of two customers. */
export interface SharedFact {
  content: [string, string];
  at: [number, number];
  /** The event of the winner, and that of the loser. */
  eventIds: [string, string];
}

/** The facts that both customers know. */
export async function readSharedFacts(tx: Tx, winner: string, loser: string): Promise<SharedFact[]> {
  return tx<SharedFact[]>`
    select json_build_array(w.content, l.content) as content, json_build_array(w.at, l.at) as at,
      json_build_array(w.event_id, l.event_id) as "eventIds"
    from known_facts l join known_facts w on w.customer_id = ${winner} and w.key = l.key
    where l.customer_id = ${loser} order by l.key`;
}

/** Gives the loser's known facts to the winner. Of a thing that both know, the newest version. */
export async function moveKnownFacts(tx: Tx, loser: string, winner: string): Promise<void> {
  await tx`
    insert into known_facts (customer_id, key, content, at, event_id)
    select ${winner}, key, content, at, event_id from known_facts where customer_id = ${loser}
    on conflict (customer_id, key) do update set content = excluded.content, at = excluded.at,
      event_id = excluded.event_id
      where excluded.at > known_facts.at`;
  await tx`delete from known_facts where customer_id = ${loser}`;
}

/** An event that states a new fact for its customer, and the event of another customer that it repeated before. */
export interface NewFact {
  id: string;
  repeated: string;
}

/**
 * Divides the known facts of a customer when an unmerge creates another one: each knows what its own events state. What
 * both logs state, both know. The newest versions of tickets and orders are known to both, too, since tickets are copied.
 */
export async function divideKnownFacts(
  tx: Tx,
  { from, to, lineage }: { from: string; to: string; lineage: string[] },
  newFacts: { from: NewFact[]; to: NewFact[] },
): Promise<void> {
  const isTheirs = tx`f.event_id in (select id from events
    where customer_id = any(${lineage}) and origin is null or origin = any(${lineage}))`;
  const renamed = (facts: NewFact[]) => tx`unnest(${facts.map(({ id }) => id)}::text[],
    ${facts.map(({ repeated }) => repeated)}::text[]) as n(id, repeated)`;
  await tx`
    insert into known_facts (customer_id, key, content, at, event_id)
    select ${to}, f.key, f.content, f.at, coalesce(n.id, f.event_id)
    from known_facts f left join ${renamed(newFacts.to)} on n.repeated = f.event_id
    where f.customer_id = ${from}
      and (n.id is not null or f.content not in ('', 'soon') or ${isTheirs})`;
  await tx`
    update known_facts f set event_id = n.id from ${renamed(newFacts.from)}
    where f.customer_id = ${from} and f.event_id = n.repeated`;
  await tx`
    delete from known_facts f
    where f.customer_id = ${from} and f.content in ('', 'soon') and ${isTheirs}`;
}

/** Marks events of these customers, and of those merged into them, as repetitions, by id. Returns their names. */
export async function markRepeats(
  tx: Tx,
  customerIds: string[],
  repeats: Map<string, string>,
): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`
    update events e set repeats = t.original
    from unnest(${[...repeats.keys()]}::text[], ${[...repeats.values()]}::text[]) as t(id, original)
    where e.customer_id in (select id from customers where id = any(${customerIds}) or merged_into = any(${customerIds}))
      and e.id = t.id and e.repeats is null
    returning e.name`;
  return rows.map(({ name }) => name);
}

/** Takes back that these events repeat others: an unmerge gave those to another customer. */
export async function unmarkRepeats(tx: Tx, customerIds: string[], ids: string[]): Promise<void> {
  await tx`
    update events set repeats = null
    where id = any(${ids}) and (customer_id = any(${customerIds}) or origin = any(${customerIds}))`;
}
