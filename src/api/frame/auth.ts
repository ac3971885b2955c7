import type { IncomingMessage } from 'node:http';
import type { KeyRow, Scope } from '../../../db/access/keys.ts';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import { HttpError } from './http-error.ts';

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="throughline", charset="UTF-8"' };

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

/** The API key of a request, if it may do what all of these scopes name. @throws HttpError 401, 403 */
export async function authorize(
  req: IncomingMessage,
  lookup: KeyLookup,
  ...scopes: Scope[]
): Promise<KeyRow> {
  const key = await findValidKey(readKeyFromHeader(req), lookup);
  if (key.kind !== 'api') throw new HttpError(403, 'wrong_kind_of_key', 'this key can only send events');
  for (const scope of scopes)
    if (!key.scopes.includes(scope))
      throw new HttpError(403, 'missing_scope', `this needs a key with the scope ${scope}`);
  return key;
}

/** The write key or browser key of a request. @throws HttpError 401, 403 */
export async function authorizeWrite(text: string | undefined, lookup: KeyLookup): Promise<KeyRow> {
  const key = await findValidKey(text, lookup);
  if (key.kind === 'api')
    throw new HttpError(403, 'wrong_kind_of_key', 'events are sent with a write key or a browser key');
  return key;
}

async function findValidKey(text: string | undefined, lookup: KeyLookup): Promise<KeyRow> {
  const options = { headers: CHALLENGE };
  if (text === undefined) throw new HttpError(401, 'missing_key', 'a key is needed', options);
  const key = await lookup(text);
  if (key === null) throw new HttpError(401, 'invalid_key', 'there is no such key', options);
  if (key === 'revoked')
    throw new HttpError(401, 'revoked_key', 'this key was revoked: use another one', options);
  return key;
}
