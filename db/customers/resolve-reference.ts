import type { Tx } from '../client.ts';

/** The customer that a reference resolves to. */
export interface ResolvedReference {
  /** The current id, after all merges. */
  id: string;
  /** Whether the referenced customer was merged into another. */
  merged: boolean;
  erased: boolean;
}

/**
 * The customer with this id, or the one that it was merged into over any number of merges. Null if the workspace has no
 * such id.
 */
export async function resolveCustomerId(
  tx: Tx,
  workspace: string,
  id: string,
): Promise<ResolvedReference | null> {
  const [row] = await tx<ResolvedReference[]>`
    with recursive chain as (
      select id, merged_into, erased_at, 0 as hops from customers where id = ${id} and workspace = ${workspace}
      union all
      select c.id, c.merged_into, c.erased_at, chain.hops + 1
      from chain join customers c on c.id = chain.merged_into and c.workspace = ${workspace}
      where chain.hops < 1000
    )
    select id, hops > 0 as merged, erased_at is not null as erased from chain order by hops desc limit 1`;
  return row ?? null;
}
