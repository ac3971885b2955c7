import cors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Browsers send from any origin, with whatever headers their library adds: the preflight allows what it asks for. A
 * write key is public, and can do nothing except send events. No cookie is read, so credentials are not allowed.
 */
const answerCors = cors({
  origin: '*',
  methods: ['GET', 'HEAD', 'POST'],
  exposedHeaders: ['Retry-After', 'X-Request-Id'],
  maxAge: 86_400,
});

/** Ends preflights, and lets other requests pass. */
export const allowBrowsers: RequestHandler = (req, res, next) => {
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  answerCors(req, res, next);
};
