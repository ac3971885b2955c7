import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Names each request: as the caller did, where that is short and harmless. */
export const requestId: RequestHandler = (req, res, next) => {
  const given = req.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', id);
  next();
};
