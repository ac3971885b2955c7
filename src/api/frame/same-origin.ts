import type { IncomingMessage } from 'node:http';

/**
 * Whether a browser says that a page of another origin, or of another site, has sent a request. A client that is no
 * browser says nothing. `publicUrl` is where browsers reach the API, if a proxy changes the `Host`.
 */
export function isForeign({ headers }: IncomingMessage, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined || origin === new URL(publicUrl).origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** Whether a request names this machine as its host, and no proxy has passed it on: then it comes from this machine. */
export function isLocal({ headers }: IncomingMessage): boolean {
  const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
  return forwarded.every((name) => headers[name] === undefined) && isLoopbackHost(headers.host);
}

/** Whether a `Host` header names the own machine. */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}
