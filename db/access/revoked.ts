import type { Tx } from '../client.ts';
import { findEndedSessions } from './sessions.ts';

/** Those of these keys that were revoked or are gone, and those of these sessions that have ended. */
export async function findRevoked(tx: Tx, ids: string[]): Promise<Set<string>> {
  const sessions = ids.filter((id) => id.startsWith('ses_'));
  const keys = ids.filter((id) => !id.startsWith('ses_'));
  const rows = await tx<{ id: string }[]>`
    select t.id from unnest(${keys}::text[]) as t(id)
    where not exists (select from keys k where k.id = t.id and k.revoked_at is null)`;
  const ended = sessions.length > 0 ? await findEndedSessions(tx, sessions) : [];
  return new Set([...rows.map(({ id }) => id), ...ended]);
}
