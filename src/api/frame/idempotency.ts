import { createHash } from 'node:crypto';
import { claimIdempotencyKey, releaseIdempotencyKey, saveResponse } from '../../../db/access/idempotency.ts';
import type { Database } from '../../../db/client.ts';
import { HttpError } from './http-error.ts';
import type { Reply } from './operation.ts';
import { toHttpError, toProblem } from './problem.ts';

/** A request with an `Idempotency-Key`. */
export interface IdempotentRequest {
  workspace: string;
  key: string;
  method: string;
  path: string;
  body: unknown;
  requestId: string;
}

/**
 * Runs a request once under its key. A repeated request gets the stored answer, refusals included. Another request
 * under the same key is refused, and so is a repetition while the first one runs. Failures of the server (5xx) are not
 * stored: the key is released.
 */
export async function runOnce(
  db: Database,
  request: IdempotentRequest,
  run: () => Promise<Reply>,
): Promise<Reply> {
  const { workspace, key } = request;
  const hash = hashRequest(request);
  const earlier = await claimIdempotencyKey(db.sql, { workspace, key, request: hash });
  if (earlier && earlier.request !== hash)
    throw new HttpError(409, 'idempotency_mismatch', 'this Idempotency-Key was used for another request');
  if (earlier?.status === null)
    throw new HttpError(409, 'in_flight', 'the first request under this Idempotency-Key is still running', {
      headers: { 'Retry-After': '1' },
    });
  if (earlier)
    return {
      status: earlier.status as number,
      body: earlier.body,
      headers: { 'Idempotent-Replayed': 'true' },
    };
  const reply = await run().catch((thrown: unknown) => refusal(thrown, db, request));
  await saveResponse(db.sql, { workspace, key, status: reply.status ?? 200, body: reply.body });
  return reply;
}

/** A refusal is stored as the answer. Any other error releases the key. */
async function refusal(thrown: unknown, db: Database, request: IdempotentRequest): Promise<Reply> {
  const error = toHttpError(thrown);
  if (error.status < 500)
    return {
      status: error.status,
      body: toProblem(error, request.requestId),
      headers: error.options.headers,
    };
  await releaseIdempotencyKey(db.sql, request).catch(() => {});
  throw thrown;
}

/** Two requests are the same if method, path and body are. */
function hashRequest({ method, path, body }: Pick<IdempotentRequest, 'method' | 'path' | 'body'>): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex');
}
