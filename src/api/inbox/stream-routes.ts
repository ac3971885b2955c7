import { type RequestHandler, Router } from 'express';
import { allowBrowsers } from '../events/allow-browsers.ts';
import type { Authorize } from '../frame/auth.ts';
import type { FindVisitor } from '../frame/customer-token.ts';
import type { Api } from '../frame/operation.ts';
import type { InboxStreams } from './inbox-streams.ts';
import { resolveInboxOwner } from './owner.ts';

/**
 * What a browser may call with an inbox token, from any origin: a token is no cookie, so no other page has it. A cookie
 * is refused where the page is of another origin (`frame/auth.ts`).
 */
const BROWSER_PATHS = ['/v1/customers/:ref/inbox', '/v1/customers/:ref/inbox/*path'];

/** The stream of a customer's inbox, and the permission for browsers to call the inbox. */
export function inboxRoutes(
  api: Api,
  authorize: Authorize,
  findVisitor: FindVisitor,
  streams: InboxStreams,
): Router {
  const router = Router();
  router.all(BROWSER_PATHS, allowBrowsers);
  router.get('/v1/customers/:ref/inbox/stream', createStreamHandler(api, authorize, findVisitor, streams));
  return router;
}

function createStreamHandler(
  { deps }: Api,
  authorize: Authorize,
  findVisitor: FindVisitor,
  streams: InboxStreams,
): RequestHandler {
  return async (req, res) => {
    // EventSource sends no headers of its own.
    const visitor = await findVisitor(req, 'inbox', req.query.token);
    const key = visitor ? null : await authorize(req, { operation: 'streamInbox', scopes: ['read'] });
    const workspace = visitor?.workspace ?? (key?.workspace as string);
    const customerId = await resolveInboxOwner(deps.db, workspace, String(req.params.ref), visitor);
    const last = req.headers['last-event-id'];
    streams.open(res, {
      workspace,
      customerId,
      keyId: key?.person?.id ?? key?.id ?? null,
      expiresAt: visitor?.expiresAt ?? key?.person?.expiresAt ?? null,
      isCustomer: visitor !== null,
      lastEventId: typeof last === 'string' && last !== '' ? last : null,
    });
  };
}
