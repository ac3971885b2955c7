import type { Tx } from '../client.ts';
import type { Role } from './users.ts';

/** How long a session lasts at most, and how long unused. */
const LONGEST = '12 hours';
const IDLE = '2 hours';

/** A session that is valid now. */
export interface SessionRow {
  /** Of the session itself: `ses_…`. It is no secret. */
  id: string;
  user: { id: string; login: string; name: string };
  workspace: string;
  role: Role;
  /** In which the user has a role. */
  workspaces: string[];
  expiresAt: number;
}

/**
 * Begins a session. Only the hash of its token is stored. Returns false if the user was disabled or the password was
 * changed since it was checked. A change that comes later waits for this, and ends this session, too.
 */
export async function insertSession(
  tx: Tx,
  session: { hash: string; userId: string; workspace: string; passwordHash: string | null },
): Promise<boolean> {
  const { hash, userId, workspace, passwordHash } = session;
  const rows = await tx`
    with u as (
      select id from users where id = ${userId} and disabled_at is null
        and password_hash is not distinct from ${passwordHash} for share)
    insert into sessions (hash, user_id, workspace, last_used_at, expires_at)
    select ${hash}, id, ${workspace}, clock_timestamp(), clock_timestamp() + ${LONGEST}::interval from u returning 1`;
  return rows.length > 0;
}

/**
 * The session with this token's hash, as its user and their role are now. Null if there is none, if it has expired, if it
 * was unused for too long, if the user is disabled, or has no role in its workspace any more.
 */
export async function findSession(tx: Tx, hash: string): Promise<SessionRow | null> {
  const [row] = await tx<(SessionRow & { stale: boolean })[]>`
    select 'ses_' || s.hash as id, jsonb_build_object('id', u.id, 'login', u.login, 'name', u.name) as "user", s.workspace, r.role,
      (select array_agg(workspace order by workspace) from user_roles where user_id = u.id) as workspaces,
      (extract(epoch from s.expires_at) * 1000)::bigint as "expiresAt",
      s.last_used_at < statement_timestamp() - interval '1 minute' as stale
    ${validSessions(tx)} and s.hash = ${hash}`;
  if (!row) return null;
  const { stale, ...session } = row;
  if (stale) await tx`update sessions set last_used_at = clock_timestamp() where hash = ${hash}`;
  return session;
}

/** Those of these sessions, by their ids, that are not valid any more. */
export async function findEndedSessions(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select t.id from unnest(${ids}::text[]) as t(id)
    where not exists (select ${validSessions(tx)} and s.hash = substr(t.id, 5))`;
  return rows.map(({ id }) => id);
}

/** `from … where …`: what makes a session valid. */
function validSessions(tx: Tx) {
  return tx`
    from sessions s
      join users u on u.id = s.user_id and u.disabled_at is null
      join user_roles r on r.user_id = s.user_id and r.workspace = s.workspace
    where s.expires_at > statement_timestamp() and s.last_used_at > statement_timestamp() - ${IDLE}::interval`;
}

/** Ends a session. */
export async function deleteSession(tx: Tx, hash: string): Promise<void> {
  await tx`delete from sessions where hash = ${hash}`;
}

/** Ends all sessions of a user. */
export async function deleteSessionsOf(tx: Tx, userId: string): Promise<void> {
  await tx`delete from sessions where user_id = ${userId}`;
}

/** Moves a session to another workspace. Returns false if its user has no role there. */
export async function moveSession(tx: Tx, hash: string, workspace: string): Promise<boolean> {
  const rows = await tx`
    update sessions s set workspace = ${workspace} from user_roles r
    where s.hash = ${hash} and r.user_id = s.user_id and r.workspace = ${workspace} returning 1`;
  return rows.length > 0;
}
