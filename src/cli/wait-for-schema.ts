import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/client.ts';
import { describeMismatch, readSchemaVersion } from '../../db/schema-version.ts';
import { UserError } from '../user-error.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Waits until the database has the schema of this build. A rollout may start the roles before the job that migrates,
 * so a missing migration is waited for, like a database that can't be reached.
 *
 * @throws UserError if another build has migrated the database further or differently: waiting would not help
 */
export async function waitForSchema(
  { db, log }: { db: Pick<Database, 'sql'>; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const version = await readSchemaVersion(db.sql);
      const mismatch = describeMismatch(version);
      if (version.kind === 'unreadable')
        log.warn('this user may not read which migrations the database has: they are not checked');
      if (mismatch === null) return;
      if (version.kind !== 'behind') throw new UserError(mismatch);
      log.warn({ pause }, mismatch);
    } catch (error) {
      if (error instanceof UserError) throw error;
      log.warn({ err: error, pause }, "the database's schema can't be read yet");
    }
    // An abort ends the pause, and then the loop.
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}
