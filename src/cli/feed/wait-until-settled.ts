import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../../../db/client.ts';
import { UserError } from '../../user-error.ts';
import { countSettled } from './queries.ts';

const POLL_MS = 500;
/** Twice the time within which every journey moves, even after a fault. */
const STUCK_MS = 60_000;

/**
 * Waits until all these customers have processed their logs and have no delivery under way.
 *
 * @throws UserError when the number of settled customers has not changed for a minute
 */
export async function waitUntilSettled(
  sql: Sql,
  ids: string[],
  onSettled: (count: number) => void,
  stuckMs: number = STUCK_MS,
): Promise<void> {
  let lastCount = -1;
  let changedAt = Date.now();
  for (;;) {
    const count = await countSettled(sql, ids);
    onSettled(count);
    if (count >= ids.length) return;
    if (count !== lastCount) {
      lastCount = count;
      changedAt = Date.now();
    }
    if (Date.now() - changedAt > stuckMs) {
      throw new UserError(
        `${ids.length - count} of ${ids.length} customer journeys have not settled, and none has in the last minute: check that relay and worker run. The events are in the log`,
      );
    }
    await sleep(POLL_MS);
  }
}
