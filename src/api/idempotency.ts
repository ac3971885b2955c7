import { createHash } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import { dropIdempotencyKey, keepAnswer, takeIdempotencyKey } from '../../db/queries/idempotency.ts';
import { HttpError } from './http-error.ts';
import type { Reply } from './operation.ts';
import { httpErrorOf, problemOf } from './problem.ts';

/** A request that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  workspace: string;
  key: string;
  method: string;
  path: string;
  body: unknown;
  requestId: string;
}

/**
 * Runs a request once under its key. The same request again gets the same answer, refusals too; another request
 * under the same key, or one while the first still runs, is refused. What failed for our own reasons isn't kept.
 */
export async function runOnce(
  db: Database,
  request: KeyedRequest,
  run: () => Promise<Reply>,
): Promise<Reply> {
  const { workspace, key } = request;
  const hash = requestHash(request);
  const known = await takeIdempotencyKey(db.sql, { workspace, key, request: hash });
  if (known && known.request !== hash)
    throw new HttpError(409, 'idempotency_mismatch', 'this Idempotency-Key was used for another request');
  if (known?.status === null)
    throw new HttpError(409, 'in_flight', 'the first request under this Idempotency-Key is still running', {
      headers: { 'Retry-After': '1' },
    });
  if (known)
    return { status: known.status as number, body: known.body, headers: { 'Idempotent-Replayed': 'true' } };
  const reply = await run().catch((thrown: unknown) => refusal(thrown, db, request));
  await keepAnswer(db.sql, { workspace, key, status: reply.status ?? 200, body: reply.body });
  return reply;
}

/** A refusal is an answer. Anything else gives the key back. */
async function refusal(thrown: unknown, db: Database, request: KeyedRequest): Promise<Reply> {
  const error = httpErrorOf(thrown);
  if (error.status < 500)
    return {
      status: error.status,
      body: problemOf(error, request.requestId),
      headers: error.options.headers,
    };
  await dropIdempotencyKey(db.sql, request).catch(() => {});
  throw thrown;
}

/** What makes two requests the same: path and body, whatever the order of headers. */
export function requestHash({ method, path, body }: Pick<KeyedRequest, 'method' | 'path' | 'body'>): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex');
}
