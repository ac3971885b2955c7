import { type Request, type RequestHandler, Router } from 'express';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import { parseCloudEvents } from '../../sources/cloudevents/read-request.ts';
import { authorizeWrite, readKeyFromHeader } from '../frame/auth.ts';
import { isUtf8Name, readCharset } from '../frame/content-headers.ts';
import { HttpError } from '../frame/http-error.ts';
import { createBytesReader } from '../frame/read-bytes.ts';
import { type AcceptEvents, readEnvelope, readKeyFromQuery } from './accept-events.ts';
import { allowBrowsers } from './allow-browsers.ts';

const PATH = '/v1/cloudevents';

/** The HTTP binding of CloudEvents. `parseCloudEvents` in `src/sources/cloudevents` tells its three modes apart. */
export function cloudEventRoutes(lookup: KeyLookup, accept: AcceptEvents): Router {
  const router = Router();
  const readBytes = createBytesReader('512kb');
  router.options(PATH, agreeToDelivery);
  router.all(PATH, allowBrowsers);
  router.post(PATH, async (req, res) => {
    const key = await authorizeWrite(readKey(req), lookup);
    checkCharset(req.headers['content-type']);
    const body = await readBytes(req, res);
    await accept('cloudevents', key, parseCloudEvents(req.headers, body, readEnvelope(req, key)), res);
  });
  return router;
}

/**
 * The handshake of the webhook specification. A sender asks before its first delivery whether it may send here, and at
 * which rate; the write key of the delivery then decides.
 */
const agreeToDelivery: RequestHandler = (req, res, next) => {
  const origin = req.headers['webhook-request-origin'];
  if (typeof origin !== 'string') return next();
  res.setHeader('WebHook-Allowed-Origin', origin);
  if (req.headers['webhook-request-rate'] !== undefined) res.setHeader('WebHook-Allowed-Rate', '*');
  res.setHeader('Allow', 'POST, OPTIONS');
  res.status(200).end();
};

/** The webhook specification names the parameter `access_token`, for senders that cannot set headers. */
function readKey(req: Request): string | undefined {
  return readKeyFromHeader(req) ?? readKeyFromQuery(req) ?? readKeyFromQuery(req, 'access_token');
}

function checkCharset(type: string | undefined): void {
  const charset = readCharset(type);
  if (charset !== undefined && !isUtf8Name(charset))
    throw new HttpError(415, 'unsupported_charset', 'the charset must be UTF-8');
}
