import { deleteOutbox, type OutboxRow, readOutbox } from '../../../db/events/outbox.ts';
import { acceptOrSplit } from '../intake/batcher.ts';
import type { Intake } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

/** How long the process that decided has for publishing before somebody else does. */
const LEFT_OVER_SECONDS = 10;
const PAGE = 200;

/**
 * Appends what decisions have said to the log, then forgets it. It may happen twice, when a process dies in between:
 * message ids make it one. One that can't be stored goes to the rejected list.
 */
export async function publishOutbox(intake: Intake, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await acceptOrSplit(intake, rows.map(incomingOf));
  await deleteOutbox(intake.db.sql, rows);
}

/** Publishes what was left over. Returns how many there were. */
export async function publishStaleOutbox(intake: Intake): Promise<number> {
  const rows = await readOutbox(intake.db.sql, LEFT_OVER_SECONDS, PAGE);
  await publishOutbox(intake, rows);
  return rows.length;
}

function incomingOf({ workspace, customerId, event, at }: OutboxRow): IncomingEvent {
  return { ...event, workspace, customerId, at, historical: false, context: {} };
}
