import type { Request, RequestHandler, Response } from 'express';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import type { CallType } from '../../domain/event.ts';
import { parseBody } from '../../sources/segment-body.ts';
import { authorizeWrite, readKeyFromHeader } from '../frame/auth.ts';
import { HttpError } from '../frame/http-error.ts';
import { createJsonReader } from '../frame/read-json.ts';
import { type AcceptEvents, readEnvelope, readKeyFromQuery } from './accept-events.ts';
import { allowBrowsers } from './allow-browsers.ts';
import { findCall } from './call-paths.ts';

/** Segment's HTTP tracking API. */
export function eventRoutes(lookup: KeyLookup, accept: AcceptEvents): RequestHandler {
  const readJson = createJsonReader('512kb', { lenient: true });

  // One look-up instead of a route per call: this is the busiest path, and every other request passes it, too.
  return (req, res, next) => {
    const call = findCall(req.path);
    if (call === undefined) return next();
    allowBrowsers(req, res, () => {
      if (req.method !== 'POST') return next();
      receive(req, res, call).catch(next);
    });
  };

  async function receive(req: Request, res: Response, call: CallType | 'batch'): Promise<void> {
    const headerKey = readKeyFromHeader(req) ?? readKeyFromQuery(req);
    // With a key in header or query an unauthorized body is not read at all.
    const early = headerKey === undefined ? undefined : await authorizeWrite(headerKey, lookup);
    const { value, scan, bytes } = await readJson(req, res);
    if (bytes === 0) throw new HttpError(400, 'invalid_json', 'the body must be JSON');
    const key = early ?? (await authorizeWrite(readKeyFromBody(value), lookup));
    await accept('segment', key, parseBody(value, call, scan, bytes, readEnvelope(req, key)), res);
  }
}

function readKeyFromBody(body: unknown): string | undefined {
  const { writeKey } = (body ?? {}) as { writeKey?: unknown };
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : undefined;
}
