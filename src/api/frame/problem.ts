import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { isDataFault, isRetryable, isStorageFull, isUnavailable } from '../../../db/client.ts';
import { BundleUnavailable } from '../../../db/config/bundle-cache.ts';
import { Unavailable } from '../../app/intake/incoming-event.ts';
import { type RefusalKind, UseCaseError } from '../../app/use-case-error.ts';
import { LimitError } from '../../limits/limit-error.ts';
import { HttpError } from './http-error.ts';

const PROBLEM = 'application/problem+json';

/** Answers paths that no route serves. */
export const unknownPath: RequestHandler = (req) => {
  throw new HttpError(404, 'not_found', `there is no ${req.method} ${req.path}`);
};

/** Turns every error into a problem document. No other place answers errors. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    const error = toHttpError(thrown);
    const requestId = String(res.getHeader('X-Request-Id') ?? '');
    if (error.status >= 500) {
      // The path of the route: that of the request may hold the id of a customer.
      const path: unknown = req.route?.path ?? null;
      log.error({ err: thrown, requestId, method: req.method, path }, 'a request failed');
    }
    if (res.headersSent) {
      next(thrown);
      return;
    }
    sendProblem(res, error, requestId);
  };
}

/** The problem document of an error (RFC 9457). */
export function toProblem(error: HttpError, requestId: string): Record<string, unknown> {
  const { errors, extra } = error.options;
  return {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(errors ? { errors } : {}),
    ...extra,
    requestId,
  };
}

function sendProblem(res: Response, error: HttpError, requestId: string): void {
  for (const [name, value] of Object.entries(error.options.headers ?? {})) res.setHeader(name, value);
  res
    .status(error.status)
    .type(PROBLEM)
    .send(JSON.stringify(toProblem(error, requestId)));
}

/** The answer to an error. A fault of the sender is never a 5xx. */
export function toHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (thrown instanceof UseCaseError)
    return new HttpError(REFUSAL_STATUS[thrown.kind], thrown.code, thrown.message, thrown.details);
  if (thrown instanceof Unavailable || thrown instanceof BundleUnavailable) return unavailable(thrown);
  if (thrown instanceof LimitError)
    return new HttpError(503, 'limit_exceeded', 'the definitions or the data make this take too long', {
      cause: thrown,
    });
  if (isDataFault(thrown))
    return new HttpError(400, 'invalid_value', 'the database cannot store a value', { cause: thrown });
  if (isRetryable(thrown) || isUnavailable(thrown)) return unavailable(thrown);
  return ofExpress(thrown) ?? new HttpError(500, 'internal', 'an internal error occurred', { cause: thrown });
}

const REFUSAL_STATUS: Record<RefusalKind, number> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  gone: 410,
  unprocessable: 422,
};

function unavailable(cause: unknown): HttpError {
  if (isStorageFull(cause))
    return new HttpError(
      503,
      'storage_full',
      'the database has no space left, and nothing was changed: try again',
      {
        headers: { 'Retry-After': '10' },
        cause,
      },
    );
  const retry = { 'Retry-After': '1' };
  return new HttpError(503, 'unavailable', 'nothing was changed: try again', { headers: retry, cause });
}

/** Errors of the body parser by their type: code and detail. */
const BODY_ERRORS: Record<string, readonly [code: string, detail: string]> = {
  'entity.parse.failed': ['invalid_json', 'the body is not JSON'],
  'entity.too.large': ['body_too_large', 'the body is larger than this call reads'],
  'encoding.unsupported': ['unsupported_encoding', 'Content-Encoding must be gzip, deflate or br'],
  'charset.unsupported': ['unsupported_charset', 'the charset must be UTF-8'],
  'request.aborted': ['request_aborted', 'the body ended early'],
  'request.size.invalid': ['invalid_length', 'the body is not as long as Content-Length says'],
};
const NOT_COMPRESSED = 'the body is not compressed as Content-Encoding says';

/** Errors of Express and its body parser have a status. Only 4xx is used: it blames the sender. */
function ofExpress(thrown: unknown): HttpError | null {
  const {
    status,
    type,
    code: errno,
  } = (thrown ?? {}) as { status?: unknown; type?: unknown; code?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const usual = String(errno).startsWith('Z_') ? NOT_COMPRESSED : STATUS_CODES[status];
  const [code, detail] = BODY_ERRORS[String(type)] ?? ['bad_request', usual ?? 'the request cannot be read'];
  return new HttpError(status, code, detail, { cause: thrown });
}
