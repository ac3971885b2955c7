import type { IncomingMessage } from 'node:http';
import { parse, serialize } from 'cookie';
import { isLoopbackHost } from './same-origin.ts';

const NAME = 'throughline_session';
const LONGEST_SECONDS = 12 * 3_600;

/** The session's token in the cookie of a request. */
export function readSessionCookie(req: IncomingMessage, publicUrl: string): string | undefined {
  const { cookie } = req.headers;
  return cookie === undefined ? undefined : parse(cookie)[nameFor(req, publicUrl)];
}

/** The `Set-Cookie` that keeps a session's token in the browser; null ends it. Scripts cannot read it. */
export function writeSessionCookie(req: IncomingMessage, publicUrl: string, token: string | null): string {
  return serialize(nameFor(req, publicUrl), token ?? '', {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(req, publicUrl),
    path: '/',
    maxAge: token === null ? 0 : LONGEST_SECONDS,
  });
}

/** With the prefix, browsers take the cookie over https from this host alone, never from another one of its domain. */
function nameFor(req: IncomingMessage, publicUrl: string): string {
  return isSecure(req, publicUrl) ? `__Host-${NAME}` : NAME;
}

/** Behind a tunnel, a developer also opens the API on their own machine, where there is no https. */
function isSecure({ headers }: IncomingMessage, publicUrl: string): boolean {
  return publicUrl.startsWith('https:') && !isLoopbackHost(headers.host);
}
