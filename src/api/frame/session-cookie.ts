import type { IncomingMessage } from 'node:http';
import { parse, serialize } from 'cookie';
import type { ApiDeps } from './deps.ts';
import { isLoopbackHost } from './same-origin.ts';

/** Where browsers reach the API: at its public URL, and on a development machine also directly. */
export type BrowserOrigin = Pick<ApiDeps['config'], 'publicUrl' | 'oneClickLogin'>;

const NAME = 'throughline_session';
const LONGEST_SECONDS = 12 * 3_600;

/** The session's token in the cookie of a request. */
export function readSessionCookie(req: IncomingMessage, origin: BrowserOrigin): string | undefined {
  const { cookie } = req.headers;
  return cookie === undefined ? undefined : parse(cookie)[nameFor(req, origin)];
}

/** The `Set-Cookie` that keeps a session's token in the browser; null ends it. Scripts cannot read it. */
export function writeSessionCookie(
  req: IncomingMessage,
  origin: BrowserOrigin,
  token: string | null,
): string {
  return serialize(nameFor(req, origin), token ?? '', {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(req, origin),
    path: '/',
    maxAge: token === null ? 0 : LONGEST_SECONDS,
  });
}

/** With the prefix, browsers take the cookie over https from this host alone, never from another one of its domain. */
function nameFor(req: IncomingMessage, origin: BrowserOrigin): string {
  return isSecure(req, origin) ? `__Host-${NAME}` : NAME;
}

/** Behind a tunnel, a developer also opens the API on their own machine, where there is no https. */
function isSecure({ headers }: IncomingMessage, { publicUrl, oneClickLogin }: BrowserOrigin): boolean {
  return publicUrl.startsWith('https:') && !(oneClickLogin && isLoopbackHost(headers.host));
}
