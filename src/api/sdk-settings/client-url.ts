import type { Request } from 'express';
import type { ApiDeps } from '../frame/deps.ts';

/**
 * The address to which a client library shall send: `PUBLIC_URL`, because a proxy may hide the name that browsers use.
 * Where it is not set, the host of the request, which has just reached this server.
 */
export function readClientUrl(req: Request, { clientUrl, publicUrl }: ApiDeps['config']): URL {
  if (clientUrl) return new URL(clientUrl);
  const host = req.headers.host ?? '';
  const isHost = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host);
  return new URL(isHost ? `${req.protocol}://${host}` : publicUrl);
}
