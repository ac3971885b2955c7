import type { Tx } from '../client.ts';

/** Suppresses an address forever. `address` is in the normalised form in which addresses are compared. */
export async function suppressAddress(
  tx: Tx,
  row: { workspace: string; channel: string; address: string; reason: string },
): Promise<void> {
  await tx`
    insert into suppressed_addresses (workspace, channel, address, reason)
    values (${row.workspace}, ${row.channel}, ${row.address}, ${row.reason.slice(0, 300)})
    on conflict do nothing`;
}
