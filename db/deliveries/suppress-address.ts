import type { Tx } from '../client.ts';

/** Never writes to this address again. `address` is in the form in which addresses are compared (`addressOf`). */
export async function suppressAddress(
  tx: Tx,
  row: { workspace: string; channel: string; address: string; reason: string },
): Promise<void> {
  await tx`
    insert into suppressed_addresses (workspace, channel, address, reason)
    values (${row.workspace}, ${row.channel}, ${row.address}, ${row.reason.slice(0, 300)})
    on conflict do nothing`;
}
