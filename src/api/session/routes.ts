import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { createLogIn, type LoginResult } from '../../app/users/log-in.ts';
import { logInDeveloper } from '../../app/users/one-click.ts';
import { changeWorkspace, endSession, readSession, type Session } from '../../app/users/sessions.ts';
import { type FindSession, refuseForeign } from '../frame/auth.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { parseRequest } from '../frame/parse-request.ts';
import { checkBody, createJsonReader } from '../frame/read-json.ts';
import { isLocal } from '../frame/same-origin.ts';
import { writeSessionCookie } from '../frame/session-cookie.ts';
import { groupAddress } from '../server/address-group.ts';
import { loginBody, workspaceBody } from './schema.ts';
import { toSessionView } from './view.ts';

const BODY_LIMIT = '16kb';
const readJson = createJsonReader(BODY_LIMIT);

/** Logging in to the console and out again. These calls need no key: they create, change and end what replaces one. */
export function sessionRoutes(deps: ApiDeps, findSession: FindSession): Router {
  const { db, config, log, metrics } = deps;
  const { publicUrl } = config;
  const logIn = createLogIn(db, (attempt) => {
    metrics.instruments.throughline_logins_total.inc({ outcome: attempt.outcome });
    log.info(attempt, 'somebody tried to log in');
  });

  const requireSession = async (req: Request): Promise<Session> => {
    const session = await findSession(req);
    if (session) return session;
    throw new HttpError(401, 'missing_session', 'nobody is logged in');
  };
  const answer = async (res: Response, session: Session) => {
    res.json(await toSessionView(deps, session));
  };
  const begin = async (req: Request, res: Response, token: string) => {
    const session = await readSession(db.sql, token);
    if (!session) throw notFound('session');
    res.setHeader('Set-Cookie', writeSessionCookie(req, config, token));
    await answer(res, session);
  };
  const mayClick = (req: Request) => config.oneClickLogin === true && isLocal(req);

  const router = Router();
  router.use('/v1/session', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/v1/session', async (req, res) => answer(res, await requireSession(req)));
  router.get('/v1/session/options', (req, res) => {
    res.json({ oneClick: mayClick(req) });
  });
  router.post('/v1/session', async (req, res) => {
    refuseForeign(req, publicUrl);
    const body = await readBody(loginBody, req, res);
    const result = await logIn({ ...body, address: groupAddress(req.ip ?? '') });
    if (result.kind !== 'ok') throw toRefusal(result);
    await begin(req, res, result.token);
  });
  router.post('/v1/session/one-click', async (req, res) => {
    refuseForeign(req, publicUrl);
    if (!mayClick(req)) throw notFound('login');
    await begin(req, res, await logInDeveloper(db));
  });
  router.post('/v1/session/workspace', async (req, res) => {
    const session = await requireSession(req);
    const { workspace } = await readBody(workspaceBody, req, res);
    const moved = await changeWorkspace(db.sql, session, workspace);
    if (!moved) throw notFound('workspace');
    await answer(res, moved);
  });
  router.post('/v1/session/end', async (req, res) => {
    await endSession(db.sql, await requireSession(req));
    res.setHeader('Set-Cookie', writeSessionCookie(req, config, null));
    res.status(204).end();
  });
  return router;
}

async function readBody<T>(schema: z.ZodType<T>, req: Request, res: Response): Promise<T> {
  const read = await readJson(req, res);
  checkBody(read);
  return parseRequest(schema, read.value, '');
}

function toRefusal(result: Exclude<LoginResult, { kind: 'ok' }>): HttpError {
  switch (result.kind) {
    case 'refused':
      return new HttpError(401, 'wrong_login', 'login or password is wrong');
    case 'disabled':
      return new HttpError(403, 'user_disabled', 'this user is disabled');
    case 'no_role':
      return new HttpError(403, 'no_role', 'this user has no role in any workspace');
    case 'throttled':
      return new HttpError(429, 'too_many_attempts', `too many attempts: try again in ${result.seconds} s`, {
        headers: { 'Retry-After': String(result.seconds) },
        extra: { retryAfter: result.seconds },
      });
  }
}
