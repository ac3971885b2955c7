import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  deleteSession,
  findSession,
  insertSession,
  moveSession,
  type SessionRow,
} from '../../../db/access/sessions.ts';
import type { Tx } from '../../../db/client.ts';

/** A valid session, and the token that its cookie holds. */
export interface Session extends SessionRow {
  token: string;
}

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** Begins a session and returns its token; null if the user may not log in any more. */
export async function beginSession(
  tx: Tx,
  user: { userId: string; workspace: string; passwordHash: string | null },
): Promise<string | null> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return (await insertSession(tx, { ...user, hash: hashToken(token) })) ? token : null;
}

/** The session of a token, as it is now; null if it has ended. It is not cached: a changed role applies at once. */
export async function readSession(tx: Tx, token: string): Promise<Session | null> {
  if (!TOKEN.test(token)) return null;
  const row = await findSession(tx, hashToken(token));
  return row && { ...row, token };
}

/** Ends a session. */
export function endSession(tx: Tx, { token }: Session): Promise<void> {
  return deleteSession(tx, hashToken(token));
}

/** Moves a session to another workspace of its user. Returns null if they have no role there. */
export async function changeWorkspace(
  tx: Tx,
  { token }: Session,
  workspace: string,
): Promise<Session | null> {
  const moved = await moveSession(tx, hashToken(token), workspace);
  return moved ? readSession(tx, token) : null;
}

/**
 * What a page sends with every request that changes something. It is derived from the session's token, which pages
 * cannot read, so no page of another origin knows it.
 */
export function deriveCsrfToken({ token }: Pick<Session, 'token'>): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

/** A plain hash is enough: tokens are 256 random bits. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
