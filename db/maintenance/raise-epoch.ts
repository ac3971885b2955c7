import type { Tx } from '../client.ts';

/**
 * Raises the epoch of every workspace and journey after a restore, so that no delivery or task gets an id that was
 * already used after the backup. Leases are released, since their holders know a history that is lost. Returns the
 * number of journeys.
 */
export async function raiseEpoch(tx: Tx): Promise<number> {
  await tx`update workspaces set epoch = epoch + 1`;
  await tx`update wakes set lease_until = null`;
  // A delivery that was planned or sending in the backup may have been sent since. That cannot be determined any more,
  // and no message is sent twice (I2).
  await tx`
    update deliveries set state = 'unknown', error = 'restored from a backup', updated_at = clock_timestamp()
    where state in ('planned', 'held', 'sending')`;
  const journeys = await tx`update journeys set epoch = epoch + 1`;
  return journeys.count;
}
