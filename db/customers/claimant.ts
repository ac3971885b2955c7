import type { Tx } from '../client.ts';

/** The customer of an effect, as a claim reads it before it locks anything. */
export interface Claimant {
  /** The current id, which after a merge differs from the requested one. */
  customerId: string;
  workspace: string;
  accountId: string | null;
  personKey: string | null;
  erased: boolean;
  groupId: string | null;
  configVersion: number;
}

/** The current customer behind an id, after all merges; null if there never was one. */
export async function readClaimant(tx: Tx, customerId: string): Promise<Claimant | null> {
  const [row] = await tx<Claimant[]>`
    with recursive chain as (
      select id, merged_into, 0 as depth from customers where id = ${customerId}
      union all
      select c.id, c.merged_into, chain.depth + 1 from chain join customers c on c.id = chain.merged_into
      where chain.depth < 100
    )
    select c.id as "customerId", c.workspace, c.account_id as "accountId", c.person_key as "personKey",
      c.erased_at is not null as erased,
           w.group_id as "groupId", w.config_version as "configVersion"
    from chain join customers c using (id) join workspaces w on w.id = c.workspace
    where c.merged_into is null`;
  return row ?? null;
}

/**
 * Locks the customer, as acceptance does. Returns false if the account, the person key or a merge has changed since it
 * was read: then the wrong subjects are locked, and the transaction must be restarted.
 */
export async function lockClaimant(tx: Tx, claimant: Claimant): Promise<boolean> {
  const [row] = await tx`
    select account_id, person_key, merged_into, erased_at is not null as erased
    from customers where id = ${claimant.customerId} for update`;
  return (
    row !== undefined &&
    row.merged_into === null &&
    row.account_id === claimant.accountId &&
    row.person_key === claimant.personKey &&
    row.erased === claimant.erased
  );
}

/**
 * Locks the account in share mode, so that no ticket that suppresses the whole account is accepted until the
 * transaction ends.
 */
export async function lockAccount(tx: Tx, workspace: string, id: string): Promise<void> {
  await tx`select id from accounts where workspace = ${workspace} and id = ${id} for share`;
}
