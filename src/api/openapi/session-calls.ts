import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { examples } from '../session/examples.ts';
import { loginBody, session, sessionOptions, workspaceBody } from '../session/schema.ts';
import { problemRefs } from './problems.ts';

const COOKIE = [{ session: [] }];

/** Logging in to the console and out again. */
export function sessionRoutes(): RouteConfig[] {
  return [
    describe('getSession', 'get', '', 'Who is logged in', {
      reply: session,
      security: COOKIE,
      problems: [401, 403],
    }),
    describe('logIn', 'post', '', 'Log in with a password. Sets the cookie of the session', {
      body: loginBody,
      reply: session,
      problems: [400, 401, 403, 413, 429],
    }),
    describe('getSessionOptions', 'get', '/options', 'How somebody may log in', {
      reply: sessionOptions,
      problems: [],
    }),
    describe('logInDeveloper', 'post', '/one-click', 'Log in on a development machine, without a password', {
      reply: session,
      problems: [403, 404, 409],
    }),
    describe('changeSessionWorkspace', 'post', '/workspace', 'Go to another workspace', {
      body: workspaceBody,
      reply: session,
      security: COOKIE,
      problems: [400, 401, 403, 404, 413],
    }),
    describe('logOut', 'post', '/end', 'End the session', { security: COOKIE, problems: [401, 403] }),
  ];
}

interface Described {
  body?: z.ZodType;
  /** Missing: the answer has no body. */
  reply?: z.ZodType;
  security?: typeof COOKIE;
  problems: number[];
}

function describe(
  operationId: string,
  method: 'get' | 'post',
  path: string,
  summary: string,
  { body, reply, security = [], problems }: Described,
): RouteConfig {
  const json = (schema: z.ZodType) => ({
    'application/json': { schema, example: examples.get(schema) },
  });
  return {
    operationId,
    method,
    path: `/v1/session${path}`,
    tags: ['Sessions'],
    summary,
    security,
    request: body ? { body: { required: true, content: json(body) } } : {},
    responses: {
      ...(reply
        ? { 200: { description: 'Done', content: json(reply) } }
        : { 204: { description: 'It has ended' } }),
      ...problemRefs(problems),
    } as RouteConfig['responses'],
  };
}
