import type { Request, Response } from 'express';
import type { KeyRow } from '../../../db/access/keys.ts';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import type { ParsedBody } from '../../sources/parse-all.ts';
import { type Envelope, isParseRefusal, type ParseRefusal } from '../../sources/segment.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { HttpError } from '../frame/http-error.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { createEventCounts, type EventFormat } from './count-events.ts';

const SUCCESS = '{"success":true}';
const EVENTS_PER_SECOND = 20_000;

/** Accepts the events of one request, and answers it. @throws HttpError 400, 429 */
export type AcceptEvents = (
  format: EventFormat,
  key: KeyRow,
  parsed: ParsedBody | ParseRefusal,
  res: Response,
) => Promise<void>;

/**
 * Answers 200 once every event is committed, to the log or to the list of rejected events: nothing that was answered
 * with 200 is lost (I1). One rate limit applies to a key on all paths.
 */
export function createAcceptEvents(deps: ApiDeps): AcceptEvents {
  const limit = createRateLimit(deps.limits?.eventsPerSecond ?? EVENTS_PER_SECOND);
  const measure = createEventCounts(deps.metrics.instruments);
  return async (format, key, parsed, res) => {
    if (isParseRefusal(parsed)) throw new HttpError(400, parsed.code, parsed.reason);
    const { events, rejections } = parsed;
    const wait = limit(key.id, events.length + rejections.length);
    if (wait > 0)
      throw new HttpError(429, 'too_many_events', 'this write key sends more events than its limit allows', {
        headers: { 'Retry-After': String(wait) },
      });
    const startedAt = performance.now();
    // In this order a sender who has to retry does not fill the list of rejected events.
    const receipts = events.length > 0 ? await deps.intake.accept(events) : [];
    if (rejections.length > 0) await saveRejectedEvents(deps.db.sql, rejections);
    measure(format, { events, receipts, rejections }, performance.now() - startedAt);
    res.status(200).type('application/json').send(SUCCESS);
  };
}

/** What all events of a request share. */
export function readEnvelope(req: Request, key: KeyRow): Omit<Envelope, 'sentAt'> {
  return {
    workspace: key.workspace,
    receivedAt: Date.now(),
    historical: req.headers['x-historical'] === 'true',
    source: key.label.slice(0, 100) || 'segment',
    ...(key.kind === 'browser' ? { fromBrowser: true } : {}),
  };
}

/** A parameter of the query that holds the write key: for senders that cannot set headers. */
export function readKeyFromQuery(req: Request, name = 'writeKey'): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
