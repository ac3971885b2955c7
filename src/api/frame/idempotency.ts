import { createHash } from 'node:crypto';
import {
  type CommandKey,
  type DoneCommand,
  readDoneCommand,
  saveAnswer,
  saveDoneCommand,
} from '../../../db/access/idempotency.ts';
import type { Database, Tx } from '../../../db/client.ts';
import type { InSameTransaction } from '../../app/in-same-transaction.ts';
import { HttpError } from './http-error.ts';
import { toHttpError, toProblem } from './problem.ts';
import type { Reply } from './reply.ts';

/** A request with an `Idempotency-Key`. */
interface IdempotentRequest {
  workspace: string;
  key: string;
  method: string;
  path: string;
  body: unknown;
  requestId: string;
}

/**
 * Runs the effect of a command, once for all requests under one `Idempotency-Key`. `effect` must call `record` in its
 * transaction, with what it returns: so the command is done exactly if it is recorded as done. If an earlier request has
 * done it, `effect` does not run, and `once` returns what was recorded.
 */
export type RunOnce = <T>(effect: (record: InSameTransaction<T>) => Promise<T>) => Promise<T>;

/** Without a key, each request is a command of its own. */
export const runAlways: RunOnce = (effect) => effect(async () => {});

/** Answers requests with an `Idempotency-Key`. */
export type AnswerOnce = (
  request: IdempotentRequest,
  handle: (once: RunOnce) => Promise<Reply>,
) => Promise<Reply>;

/** Requests that another one under the same key may overtake. */
const MAX_ATTEMPTS = 3;

/** Another request has done a command under the same key since this one began. Its transaction is rolled back. */
class OvertakenError extends Error {}

/**
 * A repeated request gets the stored answer, refusals included. If the first process died after its commit and before
 * its answer, the effect is recorded and not repeated: only the answer is built. Another request under the same key is
 * refused, and so is a repetition while this process still runs the first one. Failures of the server (5xx) are no
 * answers: the next repetition tries again.
 */
export function createAnswerOnce(db: Database): AnswerOnce {
  /** The hashes of the requests that this process runs, by workspace and key. */
  const running = new Map<string, string>();
  return async (request, handle) => {
    const id = JSON.stringify([request.workspace, request.key]);
    const key: CommandKey = { ...request, request: hashRequest(request) };
    const first = running.get(id);
    if (first === key.request)
      throw new HttpError(409, 'in_flight', 'the first request under this Idempotency-Key is still running', {
        headers: { 'Retry-After': '1' },
      });
    if (first !== undefined) throw mismatch();
    running.set(id, key.request);
    try {
      return await answer(db, request, key, handle);
    } finally {
      running.delete(id);
    }
  };
}

async function answer(
  db: Database,
  request: IdempotentRequest,
  key: CommandKey,
  handle: (once: RunOnce) => Promise<Reply>,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const done = await readDone(db.sql, key);
    if (done && done.status !== null)
      return { status: done.status, body: done.body, headers: { 'Idempotent-Replayed': 'true' } };
    const once = createOnce(key, done);
    try {
      const reply = await handle(once.run).catch((thrown) => toRefusal(thrown, request));
      if (await saveAnswer(db.sql, key, { status: reply.status ?? 200, body: reply.body }, once.isDone()))
        return reply;
    } catch (error) {
      if (!(error instanceof OvertakenError) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

function createOnce(key: CommandKey, done: DoneCommand | null): { run: RunOnce; isDone(): boolean } {
  let isRecorded = done !== null;
  let isCommitted = isRecorded;
  const record = async (tx: Tx, result: unknown) => {
    if (!(await saveDoneCommand(tx, key, result))) throw new OvertakenError();
    isRecorded = true;
  };
  return {
    isDone: () => isCommitted,
    async run<T>(effect: (record: InSameTransaction<T>) => Promise<T>): Promise<T> {
      if (done) return done.effect as T;
      const result = await effect(record);
      isCommitted = isRecorded;
      return result;
    },
  };
}

/** @throws HttpError `idempotency_mismatch` */
async function readDone(tx: Tx, key: CommandKey): Promise<DoneCommand | null> {
  const done = await readDoneCommand(tx, key);
  if (done && done.request !== key.request) throw mismatch();
  return done;
}

function mismatch(): HttpError {
  return new HttpError(409, 'idempotency_mismatch', 'this Idempotency-Key was used for another request');
}

/** A refusal is an answer. Any other error is thrown on. */
function toRefusal(thrown: unknown, { requestId }: IdempotentRequest): Reply {
  const error = toHttpError(thrown);
  if (thrown instanceof OvertakenError || error.status >= 500) throw thrown;
  return { status: error.status, body: toProblem(error, requestId), headers: error.options.headers };
}

/** Two requests are the same if method, path and body are. */
function hashRequest({ method, path, body }: Pick<IdempotentRequest, 'method' | 'path' | 'body'>): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex');
}
