import { type Request, Router } from 'express';
import { CHANGE_TOPICS, type ChangeTopic } from '../../../db/changes/recent-changes.ts';
import type { Database } from '../../../db/client.ts';
import { isStorable } from '../../domain/values/inspect-value.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { HttpError } from '../frame/http-error.ts';
import type { ChangeStreams } from './change-streams.ts';
import { type Callers, findCustomerStreamCaller, findStreamCaller } from './stream-caller.ts';

/** The streams that say when to ask again: of one customer, and of a workspace. */
export function streamRoutes(db: Database, callers: Callers, streams: ChangeStreams): Router {
  const router = Router();
  router.get('/v1/customers/:ref/stream', async (req, res) => {
    const ref = String(req.params.ref);
    if (!isStorable(ref)) throw new HttpError(400, 'invalid_text', 'the URL holds U+0000');
    const caller = await findCustomerStreamCaller(req, db, callers);
    const customerId = await resolveReference(db, caller.workspace, ref);
    streams.open(res, caller, { customerId });
  });
  router.get('/v1/stream', async (req, res) => {
    const caller = await findStreamCaller(req, 'streamChanges', callers.authorize);
    streams.open(res, caller, { topics: readTopics(req) });
  });
  return router;
}

/** All topics unless some are named. @throws HttpError 400 */
function readTopics({ query }: Request): ChangeTopic[] {
  if (query.topics === undefined) return [...CHANGE_TOPICS];
  const names = String(query.topics).split(',');
  const topics = CHANGE_TOPICS.filter((topic) => names.includes(topic));
  if (names.every((name) => (CHANGE_TOPICS as readonly string[]).includes(name))) return topics;
  const detail = `topics are ${CHANGE_TOPICS.join(', ')}, with commas between them`;
  const errors = [{ path: 'query.topics', code: 'invalid_value', detail }];
  throw new HttpError(400, 'invalid_request', 'the request is not as described in /openapi.json', { errors });
}
