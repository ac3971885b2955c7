import type { Tx } from '../client.ts';
import type { Identity } from '../identity/identities.ts';

/** The reference by which a caller names a customer. */
export interface RealtimeReference {
  type: 'id' | Identity['type'];
  value: string;
}

export interface RealtimeCaller {
  configVersion: number;
  /** The current customer, after all merges. Null if there is none or the customer was erased. */
  customerId: string | null;
  /** Journey time of the customer's last decision. Journey time never runs backwards. */
  lastNow: number;
  /** The id that determines holdouts, if it is not the customer's own. */
  seed: string | null;
  /** The customer's stage at the last decision. */
  stage: string | null;
}

/** The customer and the active bundle of a real-time request, in one statement. Null if there is no such workspace. */
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
