import { deleteOutbox, type OutboxRow, readOutbox } from '../../../db/events/outbox.ts';
import { acceptOrSplit } from '../intake/batcher.ts';
import type { Intake } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

/** For so long the deciding process may publish by itself; then the relay does. */
const STALE_SECONDS = 10;
const PAGE = 200;

/**
 * Appends the events of decisions to the log, then deletes them from the outbox. A process that dies in between causes
 * a second attempt, which the message ids make harmless. An event that cannot be stored goes to the rejected list.
 */
export async function publishOutbox(intake: Intake, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await acceptOrSplit(intake, rows.map(toIncomingEvent));
  await deleteOutbox(intake.db.sql, rows);
}

/** Publishes events that their deciding process has left behind. Returns their number. */
export async function publishStaleOutbox(intake: Intake): Promise<number> {
  const rows = await readOutbox(intake.db.sql, STALE_SECONDS, PAGE);
  await publishOutbox(intake, rows);
  return rows.length;
}

function toIncomingEvent({ workspace, customerId, event, at }: OutboxRow): IncomingEvent {
  return { ...event, workspace, customerId, at, historical: false, context: {} };
}
