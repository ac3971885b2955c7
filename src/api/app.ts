import express, { type Express, Router } from 'express';
import helmet from 'helmet';
import { createNotifier } from '../../db/notify.ts';
import { createLocal } from './create-local.ts';
import type { ApiDeps } from './deps.ts';
import { createKeyLookup } from './keys.ts';
import { mount } from './mount.ts';
import type { Api } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { problemHandler, unknownPath } from './problem.ts';
import { requestId } from './request-id.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';

export type { ApiDeps, EventSink } from './deps.ts';
export { type ListenOptions, listen } from './listen.ts';

const WAIT_MS = 5_000;

/** The whole HTTP API. Holds no state but caches: any number of them may run beside one another. */
export function createApp(deps: ApiDeps): Express {
  const { db, bundles, evaluate, zones, models, fits } = deps;
  const lookup = createKeyLookup(db, deps.limits?.keyCacheMs);
  const decide = { db, bundles, evaluate, zones, models, fits, secret: deps.config.secret };
  const api: Api = {
    deps,
    decide,
    local: createLocal(deps, decide),
    notify: createNotifier(db),
    waitMs: deps.limits?.waitMs ?? WAIT_MS,
  };
  const app = express();
  // ETags are those of the views; hashing every answer would cost more than it saves.
  app.set('etag', false);
  app.use(requestId);
  app.use(headers());
  app.use(eventRoutes(deps, lookup));
  app.use(healthRoutes(deps));
  app.use(docsRoutes());
  app.use(unsubscribeRoutes(api));
  app.use(preferenceRoutes(api));
  const calls = Router();
  for (const op of OPERATIONS) mount(calls, api, lookup, op);
  app.use(calls);
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
