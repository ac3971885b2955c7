import { SpanStatusCode } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { isTracing, runIn, SpanKind, startSpan } from '../../tracing/spans.ts';
import { findRoute } from './find-route.ts';

/**
 * Opens a span for each request, which continues the caller's trace if it sent a `traceparent`. Its name is the route's
 * pattern and never the path, which holds ids of customers.
 */
export const traceRequests: RequestHandler = (req, res, next) => {
  if (!isTracing()) return next();
  const { traceparent } = req.headers;
  const causes = typeof traceparent === 'string' ? [traceparent] : [];
  const attributes = { 'http.request.method': req.method };
  const span = startSpan(req.method, { kind: SpanKind.SERVER, attributes, causes });
  res.once('close', () => {
    const route = findRoute(req);
    if (route !== undefined) span.updateName(`${req.method} ${route}`).setAttribute('http.route', route);
    span.setAttribute('http.response.status_code', res.statusCode);
    if (res.statusCode >= 500 || !res.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  runIn(span, next);
};
