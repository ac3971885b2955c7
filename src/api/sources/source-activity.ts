import { saveSourceActivity } from '../../../db/sources/activity.ts';
import type { SourceOutcome } from '../../domain/source-outcome.ts';
import type { WebhookOwner } from '../../sources/read-webhook.ts';
import type { ApiDeps } from '../frame/deps.ts';

/** One row of an outcome is written so often at most, whatever is sent: forged requests must not cost writes. */
const WRITE_EVERY_MS = 1_000;

/** Notes when a source was last heard from, for `throughline connect`. It never fails, and nobody waits for it. */
export function noteSourceActivity({
  db,
  log,
}: Pick<ApiDeps, 'db' | 'log'>): (
  owner: WebhookOwner,
  outcome: SourceOutcome,
  reason: string | null,
) => void {
  const writtenAt = new Map<string, number>();
  return ({ workspace, source }, outcome, reason) => {
    const key = JSON.stringify([workspace, source.id, outcome]);
    const now = performance.now();
    if (now - (writtenAt.get(key) ?? Number.NEGATIVE_INFINITY) < WRITE_EVERY_MS) return;
    writtenAt.set(key, now);
    saveSourceActivity(db.sql, { workspace, source: source.id, outcome, reason }).catch((error: unknown) =>
      log.debug({ error, source: source.id }, 'the activity of a source could not be noted'),
    );
  };
}
