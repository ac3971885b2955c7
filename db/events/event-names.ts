import type { Tx } from '../client.ts';

/** A sender may build names from ids. Beyond this many, the names of a workspace say nothing about a misspelt one. */
const MAX_NAMES = 2_000;

/** Remembers names of events received from senders. */
export async function saveEventNames(
  tx: Tx,
  names: readonly { workspace: string; name: string }[],
): Promise<void> {
  await tx`
    insert into event_names (workspace, name)
    select n.workspace, n.name
    from unnest(${names.map(({ workspace }) => workspace)}::text[], ${names.map(({ name }) => name)}::text[]) n (workspace, name)
    where (select count(*) from event_names e where e.workspace = n.workspace) <= ${MAX_NAMES}
    order by n.workspace, n.name
    on conflict do nothing`;
}

/** The names of all events that a workspace ever received. Null if there were too many to remember. */
export async function readEventNames(tx: Tx, workspace: string): Promise<ReadonlySet<string> | null> {
  const rows = await tx<{ name: string }[]>`select name from event_names where workspace = ${workspace}`;
  return rows.length > MAX_NAMES ? null : new Set(rows.map(({ name }) => name));
}
