import path from 'node:path';
import express, { type Express, Router } from 'express';
import helmet from 'helmet';
import { createInboxNotifier } from '../../db/inbox/notify.ts';
import { createNotifier } from '../../db/notify.ts';
import { createKeyLookup } from '../app/api-keys/keys.ts';
import { PACKAGE_DIR } from '../compiled.ts';
import { createRenderer } from '../content/renderer.ts';
import { consoleRoutes } from './console/routes.ts';
import { createAcceptEvents } from './events/accept-events.ts';
import { cloudEventRoutes } from './events/cloudevents-routes.ts';
import { eventRoutes } from './events/segment-routes.ts';
import { createAuthorize, createFindSession } from './frame/auth.ts';
import { createFindVisitor } from './frame/customer-token.ts';
import type { ApiDeps } from './frame/deps.ts';
import { createAnswerOnce } from './frame/idempotency.ts';
import { mergeSlashes } from './frame/merge-slashes.ts';
import { createMethodCheck, listShadowedPaths } from './frame/method-check.ts';
import { mountOperation } from './frame/mount.ts';
import type { Api } from './frame/operation.ts';
import { problemHandler, unknownPath } from './frame/problem.ts';
import { requestId } from './frame/request-id.ts';
import { traceRequests } from './frame/trace-requests.ts';
import { healthRoutes } from './health/routes.ts';
import { InboxStreams } from './inbox/inbox-streams.ts';
import { inboxRoutes } from './inbox/stream-routes.ts';
import { measureRequests } from './measure-requests.ts';
import { openApiDocument } from './openapi/document.ts';
import { docsRoutes } from './openapi/routes.ts';
import { OPERATIONS } from './operations.ts';
import { customerPages } from './pages/routes.ts';
import { createRealtime } from './realtime/create-realtime.ts';
import { sdkSettingsRoutes } from './sdk-settings/routes.ts';
import { listServedPaths } from './served-paths.ts';
import { sessionRoutes } from './session/routes.ts';
import { webhookRoutes } from './sources/webhook-routes.ts';
import { ChangeStreams } from './streams/change-streams.ts';
import { streamRoutes } from './streams/routes.ts';

export type { ApiDeps } from './frame/deps.ts';
export { listen } from './server/listen.ts';

const WAIT_MS = 5_000;
const CONSOLE_DIR = path.join(PACKAGE_DIR, 'dist', 'console');

/** The whole HTTP API. It holds no state except caches, so any number of processes can serve it. */
export function createApp(deps: ApiDeps): Express {
  const { db, bundles, evaluate, zones, models, fits } = deps;
  const { secret, previousSecret = null } = deps.config;
  const lookup = createKeyLookup(db, deps.limits?.keyCacheMs);
  const decide = { db, bundles, evaluate, zones, models, fits, secret, previousSecret };
  const api: Api = {
    deps,
    decisionServices: decide,
    renderer: createRenderer(),
    realtime: createRealtime(deps, decide),
    answerOnce: createAnswerOnce(db),
    notifyRelays: createNotifier(db),
    notifyInbox: createInboxNotifier(db),
    waitMs: deps.limits?.waitMs ?? WAIT_MS,
  };
  const app = express();
  // Views have their own ETags. Hashing every answer would cost more than it saves.
  app.set('etag', false);
  app.set('trust proxy', [...(deps.config.trustedProxies ?? [])]);
  app.use(measureRequests(deps.metrics.instruments));
  app.use(requestId);
  app.use(traceRequests);
  app.use(headers());
  app.use(mergeSlashes);
  const accept = createAcceptEvents(deps);
  app.use(eventRoutes(lookup, accept));
  app.use(cloudEventRoutes(lookup, accept));
  app.use(webhookRoutes(deps));
  app.use(sdkSettingsRoutes(deps, lookup));
  app.use(healthRoutes(deps));
  const document = openApiDocument();
  app.use(docsRoutes(document));
  app.use(customerPages(api));
  app.use(consoleRoutes({ dir: CONSOLE_DIR, embedAncestors: deps.config.embedAncestors ?? [] }));
  const findSession = createFindSession(db, deps.config);
  const authorize = createAuthorize(lookup, findSession);
  const callers = { authorize, findVisitor: createFindVisitor(deps) };
  const inboxStreams = deps.inboxStreams ?? new InboxStreams({ db, services: decide, log: deps.log });
  app.use(inboxRoutes(api, authorize, callers.findVisitor, inboxStreams));
  app.use(streamRoutes(db, callers, deps.changeStreams ?? new ChangeStreams(deps)));
  app.use(sessionRoutes(deps, findSession));
  const calls = Router();
  for (const op of OPERATIONS) mountOperation(calls, api, callers, op);
  const served = listServedPaths(document);
  app.use(createMethodCheck(listShadowedPaths(served)));
  app.use(calls);
  app.use(createMethodCheck(served));
  app.use(unknownPath);
  app.use(problemHandler(deps.log));
  return app;
}

function headers() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Swagger UI sets styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
  });
}
