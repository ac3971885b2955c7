import type { Tx } from '../client.ts';

/**
 * Raises the epoch of every workspace and journey, so that no id of a delivery or task of the lost future is minted
 * again. Leases are given back: whoever held them knows another history. Returns how many journeys there are.
 */
export async function raiseEpoch(tx: Tx): Promise<number> {
  await tx`update workspaces set epoch = epoch + 1`;
  await tx`update wakes set lease_until = null`;
  // What the backup holds as planned or sending may have left since: nobody can tell any more, and never twice (I2).
  await tx`
    update deliveries set state = 'unknown', error = 'restored from a backup', updated_at = clock_timestamp()
    where state in ('planned', 'held', 'sending')`;
  const journeys = await tx`update journeys set epoch = epoch + 1`;
  return journeys.count;
}
