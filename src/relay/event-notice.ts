import type { UnprocessedEvent } from '../../db/events/unprocessed-events.ts';
import { classifyEvent } from '../domain/event.ts';
import { readTicket } from '../domain/ticket.ts';
import { iso } from '../domain/time/time.ts';
import type { EventNotice } from '../workflows/messages.ts';

/** An event of the log in the short form in which a signal carries it. */
export function noticeOf(row: UnprocessedEvent): EventNotice {
  const base = { seq: row.seq, name: row.name, messageId: row.messageId, at: iso(row.at) };
  const kind = classifyEvent(row.name);
  if (kind !== 'ticket') return { ...base, kind };
  const said = readTicket(row);
  if (!said) return { ...base, kind: 'behaviour' };
  const { id, source, status, severity, version } = said;
  return { ...base, kind, ticket: { id, source, status, severity, version } };
}
