import type { Tx } from '../client.ts';

/** An address on the suppression list. The list holds keyed hashes and no addresses. */
export interface SuppressedAddress {
  workspace: string;
  channel: string;
  addressKey: string;
}

/** Suppresses an address forever. */
export async function suppressAddress(tx: Tx, row: SuppressedAddress & { reason: string }): Promise<void> {
  await tx`
    insert into suppressed_addresses (workspace, channel, address_key, reason)
    values (${row.workspace}, ${row.channel}, ${row.addressKey}, ${row.reason})
    on conflict do nothing`;
}

/** The keys among these that are on the list of a workspace. */
export async function findSuppressedAddresses(
  tx: Tx,
  workspace: string,
  addressKeys: string[],
): Promise<Set<string>> {
  const rows = await tx<{ key: string }[]>`
    select distinct address_key as key from suppressed_addresses
    where workspace = ${workspace} and address_key = any(${addressKeys})`;
  return new Set(rows.map(({ key }) => key));
}

/** Takes addresses off the list that are on it for one reason. */
export async function unsuppressAddresses(
  tx: Tx,
  workspace: string,
  addressKeys: string[],
  reason: string,
): Promise<void> {
  if (addressKeys.length === 0) return;
  await tx`
    delete from suppressed_addresses
    where workspace = ${workspace} and address_key = any(${addressKeys}) and reason = ${reason}`;
}
