import type { Tx } from '../client.ts';

/** A sender may build names from ids. Beyond this many, the names of a workspace say nothing about a misspelt one. */
const MAX_NAMES = 2_000;

/** A name of events, and the customer of one of them. */
export interface EventNameOf {
  workspace: string;
  name: string;
  customerId: string;
}

/**
 * Remembers names of events received from senders.
 *
 * @returns those that only one customer has sent until now
 */
export async function saveEventNames(tx: Tx, names: readonly EventNameOf[]): Promise<EventNameOf[]> {
  const from = tx`unnest(${names.map(({ workspace }) => workspace)}::text[], ${names.map(({ name }) => name)}::text[],
    ${names.map(({ customerId }) => customerId)}::text[]) n (workspace, name, customer_id)`;
  await tx`
    insert into event_names as e (workspace, name, customer_id)
    select n.workspace, n.name, n.customer_id from ${from}
    where (select count(*) from event_names e where e.workspace = n.workspace) <= ${MAX_NAMES}
    order by n.workspace, n.name
    on conflict (workspace, name) do update set customer_id = null
      where e.customer_id is distinct from excluded.customer_id and e.customer_id is not null`;
  return tx<EventNameOf[]>`
    select e.workspace, e.name, e.customer_id as "customerId"
    from ${from} join event_names e on e.workspace = n.workspace and e.name = n.name
    where e.customer_id is not null`;
}

/** The names of all events that a workspace ever received. Null if there were too many to remember. */
export async function readEventNames(tx: Tx, workspace: string): Promise<ReadonlySet<string> | null> {
  const rows = await tx<{ name: string }[]>`select name from event_names where workspace = ${workspace}`;
  return rows.length > MAX_NAMES ? null : new Set(rows.map(({ name }) => name));
}

/** Forgets the names that only these customers have sent. */
export async function eraseEventNames(tx: Tx, customerIds: string[]): Promise<void> {
  await tx`delete from event_names where customer_id = any(${customerIds})`;
}
