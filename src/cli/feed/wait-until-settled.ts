import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../../../db/client.ts';
import { UserError } from '../../user-error.ts';
import { countSettled } from './queries.ts';

const POLL_MS = 500;
/** Twice the time within which every journey moves, also after a fault. */
const STUCK_MS = 60_000;

/**
 * Waits until all these customers' journeys have taken their logs and no delivery is on its way. @throws UserError
 * when nothing has moved for a minute.
 */
export async function waitUntilSettled(
  sql: Sql,
  ids: string[],
  onSettled: (count: number) => void,
  stuckMs: number = STUCK_MS,
): Promise<void> {
  let best = -1;
  let movedAt = Date.now();
  for (;;) {
    const count = await countSettled(sql, ids);
    onSettled(count);
    if (count >= ids.length) return;
    if (count !== best) {
      best = count;
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > stuckMs) {
      throw new UserError(
        `${ids.length - count} of ${ids.length} customer journeys have not settled and nothing moves: are relay and worker running? The events are in the log`,
      );
    }
    await sleep(POLL_MS);
  }
}
