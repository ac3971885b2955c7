import type { Tx } from '../client.ts';
import { requestAllChecks } from '../wakes/request-checks.ts';

/**
 * Raises the epoch of every workspace and journey after a restore, so that no delivery or task gets an id that was
 * already used after the backup. Leases are released, since their holders know a history that is lost. Every journey is
 * checked, for two reasons: its deliveries end here without an event, and its workflow may know a lost future. Returns
 * the number of journeys.
 */
export async function raiseEpoch(tx: Tx): Promise<number> {
  await tx`update workspaces set epoch = epoch + 1`;
  // A delivery that was planned or sending in the backup may have been sent since. That cannot be determined any more,
  // and no message is sent twice (I2).
  await tx`
    update deliveries set state = 'unknown', error = 'restored from a backup', lease_until = null,
      pending_message = null, repeat_until = null, updated_at = clock_timestamp()
    where state in ('planned', 'held', 'sending')`;
  // Without its last answer, a journey whose workflow asks for that ordinal by chance gets its whole progress.
  const journeys = await tx`update journeys set epoch = epoch + 1, last_answer = null`;
  await tx`update wakes set lease_until = null, tries = 0 where lease_until is not null or tries > 0`;
  await requestAllChecks(tx);
  return journeys.count;
}
