import type { Request } from 'express';
import { CALL_PATHS } from '../events/call-paths.ts';

/**
 * The pattern of the route that answered a request, such as `/v1/customers/:ref`: for spans and metrics, in which a path
 * would name customers. Undefined where no route has answered.
 */
export function findRoute({ route, originalUrl }: Request): string | undefined {
  if (typeof route?.path === 'string') return route.path;
  // One handler serves all calls of the tracking API, whatever the library adds to the path.
  const path = originalUrl.split('?', 1)[0]?.toLowerCase().replace(/\/$/, '') ?? '';
  return CALL_PATHS.has(path) ? path : undefined;
}
