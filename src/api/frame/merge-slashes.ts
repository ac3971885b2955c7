import type { RequestHandler } from 'express';

/**
 * Libraries join a host that ends with a slash and a path that begins with one: `//v1/batch` and `/v1//batch` are
 * `/v1/batch`. The query stays as it is.
 */
export const mergeSlashes: RequestHandler = (req, _res, next) => {
  if (req.url.includes('//')) {
    const [path = '', ...query] = req.url.split('?');
    req.url = [path.replaceAll(/\/{2,}/g, '/'), ...query].join('?');
  }
  next();
};
