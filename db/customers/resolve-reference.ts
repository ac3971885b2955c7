import type { Tx } from '../client.ts';

/** Whom a reference leads to. */
export interface ResolvedReference {
  /** Who answers: the end of all merges. */
  id: string;
  /** The reference named a customer who has been merged since. */
  merged: boolean;
  erased: boolean;
}

/** The customer of this id, or the one that it was merged into, however often. Null: this workspace has no such id. */
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
