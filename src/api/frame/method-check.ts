import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/** A path with `{name}` for parameters, and the methods that it serves, in lower case. */
export interface ServedPath {
  path: string;
  methods: readonly string[];
}

/**
 * The paths without parameters that a path with parameters matches, too: `/v1/customers/lookup` is no customer. They
 * have to be checked before the routes.
 */
export function listShadowedPaths(served: readonly ServedPath[]): ServedPath[] {
  const templates = served.filter(({ path }) => path.includes('{')).map(({ path }) => toPattern(path));
  return served.filter(({ path }) => !path.includes('{') && templates.some((pattern) => pattern.test(path)));
}

/**
 * Refuses a method that a path does not serve, with the methods that it does (RFC 9110, 405). It comes after the routes,
 * and lets paths pass that nothing serves.
 */
export function createMethodCheck(served: readonly ServedPath[]): RequestHandler {
  const paths = served.map(({ path, methods }) => ({ pattern: toPattern(path), methods }));
  return (req, _res, next) => {
    const methods = paths.filter(({ pattern }) => pattern.test(req.path)).flatMap((path) => path.methods);
    const allowed = listAllowed(methods);
    if (methods.length === 0 || allowed.includes(req.method)) return next();
    throw new HttpError(405, 'method_not_allowed', `this path serves ${allowed.join(', ')}`, {
      headers: { Allow: allowed.join(', ') },
    });
  };
}

/** As Express matches: a slash at the end and the case of letters make no difference. */
function toPattern(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}

/** Express answers HEAD where there is GET, and OPTIONS everywhere. */
function listAllowed(methods: readonly string[]): string[] {
  const names = methods.map((method) => method.toUpperCase());
  const withHead = names.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
  return [...new Set([...withHead, 'OPTIONS'])];
}
