import type { RequestHandler } from 'express';

/** Libraries join a host that ends with a slash and a path that begins with one: `//v1/batch` is `/v1/batch`. */
export const mergeLeadingSlashes: RequestHandler = (req, _res, next) => {
  if (req.url.startsWith('//')) req.url = req.url.replace(/^\/+/, '/');
  next();
};
