import type { UnprocessedEvent } from '../../db/events/unprocessed-events.ts';
import { classifyEvent } from '../domain/event.ts';
import { readTicket } from '../domain/ticket.ts';
import { iso } from '../domain/time/time.ts';
import type { EventNotice } from '../workflows/messages.ts';

/** Converts an event of the log to the short form that a signal carries. */
export function toNotice(row: UnprocessedEvent): EventNotice {
  const base = { seq: row.seq, name: row.name, messageId: row.messageId, at: iso(row.at) };
  const kind = classifyEvent(row.name);
  if (kind !== 'ticket') return { ...base, kind };
  const full = readTicket(row);
  if (!full) return { ...base, kind: 'behaviour' };
  const { id, source, status, severity, version } = full;
  return { ...base, kind, ticket: { id, source, status, severity, version } };
}
