import type { Tx } from '../client.ts';
import type { Identity } from '../identity/identities.ts';

/** By what a customer is named who is asked about on the spot. */
export interface RealtimeReference {
  type: 'id' | Identity['type'];
  value: string;
}

export interface RealtimeCaller {
  configVersion: number;
  /** Who answers today, the end of all merges. Null: nobody here, or somebody who was erased. */
  customerId: string | null;
  /** Journey time that the customer's last decision had: it never runs backwards. */
  lastNow: number;
  /** Whose id decides holdouts, if not the customer's own. */
  seed: string | null;
  /** Where in the whole life they stood at their last decision. */
  stage: string | null;
}

/** Who is asked about, and which bundle holds, in one statement. Null: there is no such workspace. */
export async function readRealtimeCaller(
  tx: Tx,
  workspace: string,
  ref: RealtimeReference | null,
): Promise<RealtimeCaller | null> {
  const [row] = await tx<RealtimeCaller[]>`
    with recursive chain as (
      select id, merged_into, erased_at, 0 as hops from customers
      where workspace = ${workspace} and id = ${idOf(tx, workspace, ref)}
      union all
      select c.id, c.merged_into, c.erased_at, chain.hops + 1
      from chain join customers c on c.id = chain.merged_into and c.workspace = ${workspace}
      where chain.hops < 1000
    ), root as (
      select id from chain where merged_into is null and erased_at is null order by hops desc limit 1
    )
    select w.config_version as "configVersion", root.id as "customerId",
           coalesce(j.last_now, 0) as "lastNow", j.state ->> 'seed' as seed, j.state #>> '{stage,id}' as stage
    from workspaces w left join root on true left join journeys j on j.customer_id = root.id
    where w.id = ${workspace}`;
  return row ?? null;
}

function idOf(tx: Tx, workspace: string, ref: RealtimeReference | null) {
  if (ref === null) return tx`null::text`;
  if (ref.type === 'id') return tx`${ref.value}`;
  return tx`(select customer_id from identities
             where workspace = ${workspace} and type = ${ref.type} and value = ${ref.value})`;
}
