import type { Request, RequestHandler, Response } from 'express';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import type { CallType } from '../../domain/event.ts';
import { isParseRefusal } from '../../sources/segment.ts';
import { parseBody } from '../../sources/segment-body.ts';
import { authorizeWrite, readKeyFromHeader } from '../frame/auth.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { HttpError } from '../frame/http-error.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { createJsonReader } from '../frame/read-json.ts';

const PATHS: ReadonlyMap<string, CallType | 'batch'> = new Map([
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
  ['/v1/batch', 'batch'],
  ['/v1/b', 'batch'],
  ['/beacon/v1/batch', 'batch'],
]);

const SUCCESS = '{"success":true}';
const EVENTS_PER_SECOND = 20_000;

/**
 * Segment's HTTP tracking API. Answers 200 once every event is committed, to the log or to the list of rejected events:
 * nothing that was answered with 200 is lost (I1).
 */
export function eventRoutes(deps: ApiDeps, lookup: KeyLookup): RequestHandler {
  const readJson = createJsonReader('512kb');
  const limit = createRateLimit(deps.limits?.eventsPerSecond ?? EVENTS_PER_SECOND);

  // One look-up instead of a route per call: this is the busiest path, and every other request passes it, too.
  return async (req, res, next) => {
    const call = PATHS.get(req.path);
    if (call === undefined) return next();
    if (req.method === 'OPTIONS') {
      allowAnyOrigin(res);
      res.status(204).end();
    } else if (req.method === 'POST') {
      allowAnyOrigin(res);
      await receive(req, res, call);
    } else next();
  };

  async function receive(req: Request, res: Response, call: CallType | 'batch'): Promise<void> {
    const headerKey = readKeyFromHeader(req) ?? keyInQuery(req);
    // With a key in header or query an unauthorized body is not read at all.
    const early = headerKey === undefined ? undefined : await authorizeWrite(headerKey, lookup);
    const { value, scan, bytes } = await readJson(req, res);
    const key = early ?? (await authorizeWrite(keyInBody(value), lookup));
    const parsed = parseBody(value, call, scan, bytes, {
      workspace: key.workspace,
      receivedAt: Date.now(),
      historical: req.headers['x-historical'] === 'true',
      source: key.label.slice(0, 100) || 'segment',
    });
    if (isParseRefusal(parsed)) throw new HttpError(400, parsed.code, parsed.reason);
    const { events, rejections } = parsed;
    const wait = limit(key.id, events.length + rejections.length);
    if (wait > 0)
      throw new HttpError(429, 'too_many_events', 'this write key sends more events than its limit allows', {
        headers: { 'Retry-After': String(wait) },
      });
    // In this order a sender who has to retry does not fill the list of rejected events.
    if (events.length > 0) await deps.intake.accept(events);
    if (rejections.length > 0) await saveRejectedEvents(deps.db.sql, rejections);
    res.status(200).type('application/json').send(SUCCESS);
  }
}

/** Browsers send from any origin. A write key is public, and can do nothing except send events. */
function allowAnyOrigin(res: Response): void {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
  res.setHeader(
    'Access-Control-Allow-Headers',
    'Authorization, Content-Type, Content-Encoding, AnonymousId, X-Retry-Count',
  );
  res.setHeader('Access-Control-Max-Age', '86400');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

function keyInQuery(req: Request): string | undefined {
  const { writeKey } = req.query;
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : undefined;
}

function keyInBody(body: unknown): string | undefined {
  const { writeKey } = (body ?? {}) as { writeKey?: unknown };
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : undefined;
}
