import type { NewsRow } from '../../db/queries/read-news.ts';
import { kindOf } from '../domain/event.ts';
import { ticketSaid } from '../domain/ticket.ts';
import { iso } from '../domain/time.ts';
import type { News } from '../workflows/messages.ts';

/** An event of the log in the short form in which a signal carries it. */
export function newsOf(row: NewsRow): News {
  const base = { seq: row.seq, name: row.name, messageId: row.messageId, at: iso(row.at) };
  const kind = kindOf(row.name);
  if (kind !== 'ticket') return { ...base, kind };
  const said = ticketSaid(row);
  if (!said) return { ...base, kind: 'behaviour' };
  const { id, source, status, severity, version } = said;
  return { ...base, kind, ticket: { id, source, status, severity, version } };
}
