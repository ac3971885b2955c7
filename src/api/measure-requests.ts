import type { Request, RequestHandler, Response } from 'express';
import type { Instruments } from '../metrics/metrics.ts';
import { findCallPath } from './events/call-paths.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Counts every request by the template of its route, and measures how long its answer takes. */
export function measureRequests({
  throughline_http_requests_total: requests,
  throughline_http_request_seconds: seconds,
}: Instruments): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const method = METHODS.includes(req.method) ? req.method : 'other';
      const route = readRoute(req);
      requests.inc({ method, route, status: readStatus(res) });
      seconds.observe({ method, route }, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
}

/** The template: `/v1/customers/{ref}`. A path may hold the id of a customer, and anybody may make up paths. */
function readRoute(req: Request): string {
  const path: unknown = req.route?.path;
  if (typeof path === 'string') return path.replaceAll(/:(\w+)/g, '{$1}');
  return findCallPath(req.path) ?? 'none';
}

function readStatus(res: Response): string {
  return res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
}
