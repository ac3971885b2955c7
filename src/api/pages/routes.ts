import { type RequestHandler, Router } from 'express';
import type { Api } from '../frame/operation.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { eraseRoutes } from './erase-routes.ts';
import { createMailLink } from './mail-link.ts';
import { sendPage } from './page.ts';
import { preferenceRoutes } from './preferences-routes.ts';
import { trackingRoutes } from './tracking-routes.ts';
import { unsubscribeRoutes } from './unsubscribe-routes.ts';
import { describeUnknownLink } from './visit.ts';

/** The pages that customers open from a message. Whatever else is below their paths is a link that was cut or made up. */
export function customerPages(api: Api): Router {
  const router = Router();
  const mailLink = createMailLink(api);
  router.use(unsubscribeRoutes(api, mailLink));
  router.use(preferenceRoutes(api, mailLink));
  router.use(eraseRoutes(api));
  router.use(catalogueRoutes(api));
  for (const path of ['/unsubscribe', '/preferences', '/erase', '/catalogue'])
    router.use(path, answerUnknownLink);
  router.use(trackingRoutes(api));
  router.get(/^\/[ro](\/|$)/, answerUnknownLink);
  return router;
}

/** Other methods of a path with a token are answered by the check of methods. */
const answerUnknownLink: RequestHandler = (req, res, next) => {
  const isOther = req.method !== 'GET' && req.method !== 'HEAD' && req.method !== 'POST';
  if (isOther) return next();
  sendPage(res, 404, describeUnknownLink(req));
};
