import type { IncomingMessage } from 'node:http';
import type { KeyRow } from '../../../db/access/keys.ts';
import type { Database } from '../../../db/client.ts';
import { ROLES } from '../../../db/schema/values.ts';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import { deriveCsrfToken, readSession, type Session } from '../../app/users/sessions.ts';
import { isEqual } from '../../content/token-signature.ts';
import { HttpError } from './http-error.ts';
import { isPermitted, ROLE_PERMISSIONS, type Wanted } from './role-permissions.ts';
import { isForeign } from './same-origin.ts';
import { type BrowserOrigin, readSessionCookie, writeSessionCookie } from './session-cookie.ts';

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="throughline", charset="UTF-8"' };

/** Who calls: a key, or what stands for one. */
export interface Caller extends KeyRow {
  /** The person, of a request with the cookie of a session. `label` is their login, then. */
  person?: Session;
}

/** Finds out who calls an operation, and whether they may. @throws HttpError 401, 403 */
export type Authorize = (req: IncomingMessage, wanted: Wanted) => Promise<Caller>;

/** The session of a request; null if it comes without its cookie. @throws HttpError 401, 403 */
export type FindSession = (req: IncomingMessage) => Promise<Session | null>;

/** The one place where requests to operations and streams are authorised: with an API key, or with a session's cookie. */
export function createAuthorize(lookup: KeyLookup, findSession: FindSession): Authorize {
  return async (req, wanted) => {
    const text = readKeyFromHeader(req);
    const session = text === undefined ? await findSession(req) : null;
    if (session) return authorizePerson(session, wanted);
    return authorizeKey(await findValidKey(text, lookup, challenge(req)), wanted);
  };
}

/**
 * Creates the look-up of sessions. A request that changes something needs the session's CSRF token, and none may come
 * from a page of another origin.
 */
export function createFindSession(db: Pick<Database, 'sql'>, origin: BrowserOrigin): FindSession {
  return async (req) => {
    const token = readSessionCookie(req, origin);
    if (token === undefined) return null;
    refuseForeign(req, origin.publicUrl);
    const session = await readSession(db.sql, token);
    if (session === null)
      throw new HttpError(401, 'ended_session', 'the session has ended: log in again', {
        headers: { 'Set-Cookie': writeSessionCookie(req, origin, null) },
      });
    if (req.method !== 'GET' && req.method !== 'HEAD') checkCsrfToken(req, session);
    return session;
  };
}

/** @throws HttpError 403 for a request that a page of another origin has sent */
export function refuseForeign(req: IncomingMessage, publicUrl: string): void {
  if (isForeign(req, publicUrl))
    throw new HttpError(403, 'foreign_origin', 'a page of another origin has sent this request');
}

/** The key in the `Authorization` header: a bearer's, or the user name of Basic, as Segment and `curl -u` have it. */
export function readKeyFromHeader(req: IncomingMessage): string | undefined {
  const [scheme, value] = (req.headers.authorization ?? '').split(/ +/, 2);
  if (!scheme || !value) return undefined;
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const decoded = Buffer.from(value, 'base64').toString();
  const colon = decoded.indexOf(':');
  return (colon < 0 ? decoded : decoded.slice(0, colon)) || undefined;
}

/** The write key or browser key of a request. A session sends no events. @throws HttpError 401, 403 */
export async function authorizeWrite(text: string | undefined, lookup: KeyLookup): Promise<KeyRow> {
  const key = await findValidKey(text, lookup, CHALLENGE);
  if (key.kind === 'api')
    throw new HttpError(403, 'wrong_kind_of_key', 'events are sent with a write key or a browser key');
  return key;
}

function authorizeKey(key: KeyRow, { scopes }: Wanted): Caller {
  if (key.kind !== 'api') throw new HttpError(403, 'wrong_kind_of_key', 'this key can only send events');
  for (const scope of scopes)
    if (!key.scopes.includes(scope))
      throw new HttpError(403, 'missing_scope', `this needs a key with the scope ${scope}`);
  return key;
}

function authorizePerson(person: Session, wanted: Wanted): Caller {
  const { role, workspace, user } = person;
  if (!isPermitted(role, wanted)) {
    const others = ROLES.filter((other) => isPermitted(other, wanted)).join(', ');
    throw new HttpError(
      403,
      'role_not_permitted',
      `the role ${role} does not permit this: it needs ${others}`,
    );
  }
  const scopes = [...ROLE_PERMISSIONS[role].scopes];
  return { id: user.id, workspace, kind: 'api', scopes, label: user.login, person };
}

function checkCsrfToken(req: IncomingMessage, session: Session): void {
  const given = req.headers['x-csrf-token'];
  if (typeof given === 'string' && isEqual(given, deriveCsrfToken(session))) return;
  throw new HttpError(403, 'csrf_token', 'X-CSRF-Token must hold the csrfToken of GET /v1/session');
}

async function findValidKey(
  text: string | undefined,
  lookup: KeyLookup,
  headers: Record<string, string>,
): Promise<KeyRow> {
  const options = { headers };
  if (text === undefined) throw new HttpError(401, 'missing_key', 'a key is needed', options);
  const key = await lookup(text);
  if (key === null) throw new HttpError(401, 'invalid_key', 'there is no such key', options);
  if (key === 'revoked')
    throw new HttpError(401, 'revoked_key', 'this key was revoked: use another one', options);
  return key;
}

/** A browser would answer the challenge to a page's own request with a window that asks for a password. */
function challenge({ headers }: IncomingMessage): Record<string, string> {
  const mode = headers['sec-fetch-mode'];
  return mode === undefined || mode === 'navigate' ? CHALLENGE : {};
}
