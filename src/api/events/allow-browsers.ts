import cors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Browsers send from any origin, with whatever headers their library adds: the preflight allows what it asks for. A
 * write key is public, and can do nothing except send events. Beacons, and libraries that are set so, send with
 * credentials, and then a browser wants its origin by name. Where a cookie is read, one from a page of another origin is
 * refused (`frame/auth.ts`), so this gives nobody more rights.
 */
const answerCors = cors({
  origin: true,
  credentials: true,
  methods: ['GET', 'HEAD', 'POST'],
  exposedHeaders: ['Retry-After', 'X-Request-Id'],
  maxAge: 86_400,
});

/** Ends preflights, and lets other requests pass. */
export const allowBrowsers: RequestHandler = (req, res, next) => {
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  answerCors(req, res, next);
};
