import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import { suggestName } from '../../content/nearest-name.ts';
import { isStorable } from '../../domain/values/inspect-value.ts';
import type { Authorize, Caller } from './auth.ts';
import { type FindVisitor, keyOfVisitor, type Visitor } from './customer-token.ts';
import { requireOwnRecord } from './embed-access.ts';
import { HttpError } from './http-error.ts';
import { runAlways } from './idempotency.ts';
import { nameActor } from './name-actor.ts';
import { type Api, listScopes, type Operation, type Reply } from './operation.ts';
import { parseRequest } from './parse-request.ts';
import { checkBody, createJsonReader, type JsonReader } from './read-json.ts';

const BODY_LIMIT = '256kb';
const MAX_IDEMPOTENCY_KEY = 255;

/** Serves an operation: authorises, reads and checks the request, runs it once, and sends the answer. */
export function mountOperation(
  router: Router,
  api: Api,
  { authorize, findVisitor }: { authorize: Authorize; findVisitor: FindVisitor },
  op: Operation,
): void {
  const readJson = createJsonReader(op.bodyLimit ?? BODY_LIMIT);
  const queryNames = op.query ? Object.keys((op.query as z.ZodObject).shape) : [];
  const path = op.path.replaceAll(/\{(\w+)\}/g, ':$1');
  router[op.method](path, async (req, res) => {
    const visitor = op.inboxToken ? await findVisitor(req, 'inbox') : null;
    const reader = op.embedded ? await findVisitor(req, 'embed') : null;
    const key: Caller =
      keyOf(visitor, reader) ?? (await authorize(req, { operation: op.id, scopes: listScopes(op) }));
    const params = checkParams(req);
    if (op.embedded && reader) await requireOwnRecord(api.deps.db, op.embedded, params, reader);
    checkQueryNames(req, queryNames);
    const query = op.query ? parseRequest(op.query, req.query, 'query') : {};
    const { raw, body } = await readBody({ op, key, readJson }, req, res);
    const idempotencyKey = op.method === 'get' ? undefined : readIdempotencyKey(req);
    const { workspace } = key;
    const messageId = `throughline/${randomUUID()}`;
    const isAwaited = () => !res.closed;
    const { headers } = req;
    const call = { api, key, visitor, workspace, params, query, body, headers, isAwaited, messageId };
    if (idempotencyKey === undefined)
      return await send(res, await op.handle({ ...call, once: runAlways, isRepeatable: false }));
    const { method, path } = req;
    const requestId = String(res.getHeader('X-Request-Id'));
    const request = { workspace, key: idempotencyKey, method, path, body: raw, requestId };
    await send(
      res,
      await api.answerOnce(request, (once) => op.handle({ ...call, once, isRepeatable: true })),
    );
  });
}

/** What stands for the key of a request with the token of an inbox, or of an embedded page. */
function keyOf(visitor: Visitor | null, reader: Visitor | null): Caller | null {
  if (visitor) return keyOfVisitor('inbox', visitor);
  return reader && keyOfVisitor('embed', reader);
}

interface BodyReader {
  op: Operation;
  key: Caller;
  readJson: JsonReader;
}

async function readBody({ op, key, readJson }: BodyReader, req: Request, res: Response) {
  if (!op.body) return { raw: null, body: undefined };
  const given = isEmpty(req) ? {} : await readGiven(readJson, req, res);
  const named = key.person ? nameActor(op.body, given, key.person.user.login) : given;
  return { raw: key.person || !isEmpty(req) ? named : null, body: parseRequest(op.body, named, '') };
}

async function readGiven(readJson: JsonReader, req: Request, res: Response): Promise<unknown> {
  const read = await readJson(req, res);
  checkBody(read);
  return read.value;
}

function isEmpty({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

/** A misspelt parameter that counted as absent would answer another question than the one that was asked. */
function checkQueryNames(req: Request, known: readonly string[]): void {
  const unknown = Object.keys(req.query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const errors = unknown.map((name) => ({
    path: `query.${name}`,
    code: 'unknown_parameter',
    detail: `there is no query parameter ${name}${suggestName(name, known)}`,
  }));
  throw new HttpError(400, 'invalid_request', `there is no query parameter ${unknown.join(', ')}`, {
    errors,
  });
}

/** Postgres cannot store U+0000, so no record has it in its name. */
function checkParams(req: Request): Record<string, string> {
  const params = req.params as Record<string, string>;
  const strings = [...Object.values(params), ...Object.values(req.query).flat()];
  if (strings.every((value) => typeof value !== 'string' || isStorable(value))) return params;
  throw new HttpError(400, 'invalid_text', 'the URL holds U+0000');
}

function readIdempotencyKey(req: Request): string | undefined {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key !== '' && key.length <= MAX_IDEMPOTENCY_KEY) return key;
  throw new HttpError(
    400,
    'invalid_idempotency_key',
    `Idempotency-Key has 1 to ${MAX_IDEMPOTENCY_KEY} characters`,
  );
}

async function send(res: Response, { status = 200, body, stream, text, headers = {} }: Reply): Promise<void> {
  // Nothing is sent before the first piece, so that a failure until then is answered as one.
  const first = await stream?.next();
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.status(status);
  if (status === 304) res.end();
  else if (text) res.type(text.type).send(text.content);
  else res.type(status >= 400 ? 'application/problem+json' : 'application/json');
  if (stream) await sendPieces(res, first?.done ? [] : [first?.value as string], stream);
  else if (status !== 304 && !text) res.send(JSON.stringify(body));
}

/** Writes no faster than the caller reads. A failure ends the connection, so that the body is not taken for complete. */
async function sendPieces(res: Response, first: string[], stream: AsyncGenerator<string>): Promise<void> {
  async function* all() {
    yield* first;
    yield* stream;
  }
  await pipeline(Readable.from(all(), { objectMode: false }), res).catch((error: NodeJS.ErrnoException) => {
    // The caller has gone.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
