import type { Express } from 'express';
import request from 'supertest';
import type { Role } from '../../../db/access/users.ts';
import { createUser } from '../../../src/app/users/manage-users.ts';
import type { TestApi } from './harness.ts';
import { WORKSPACE } from './harness.ts';

export const PASSWORD = 'correct horse battery staple';

/** What a browser with a session sends. */
export interface LoggedIn {
  login: string;
  userId: string;
  cookie: string;
  csrfToken: string;
  get(path: string): request.Test;
  /** With the CSRF token. */
  send(method: 'post' | 'put', path: string, body?: object): request.Test;
}

/** Creates a user with a role in workspaces, and logs them in. */
export async function logInAs(
  api: Pick<TestApi, 'db' | 'app'>,
  login: string,
  role: Role,
  workspaces: string[] = [WORKSPACE],
): Promise<LoggedIn> {
  const roles = Object.fromEntries(workspaces.map((workspace) => [workspace, role]));
  const { id } = await createUser(api.db, { login, name: `${login} Tan`, password: PASSWORD, roles });
  return logIn(api.app, login, id);
}

/** Logs an existing user in. */
export async function logIn(app: Express, login: string, userId = ''): Promise<LoggedIn> {
  const answer = await request(app).post('/v1/session').send({ login, password: PASSWORD });
  if (answer.status !== 200) throw new Error(`log-in of ${login}: ${answer.status} ${answer.text}`);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
  const { csrfToken } = answer.body;
  return {
    login,
    userId,
    cookie,
    csrfToken,
    get: (path) => request(app).get(path).set('Cookie', cookie),
    send: (method, path, body = {}) =>
      request(app)[method](path).set('Cookie', cookie).set('X-CSRF-Token', csrfToken).send(body),
  };
}
