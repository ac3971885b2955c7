import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../../db/access/users.ts';
import { ROLES } from '../../../db/schema/values.ts';
import { listScopes, type Operation } from '../../../src/api/frame/operation.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { bodyOf } from '../support/bodies.ts';
import { startApi, type TestApi } from '../support/harness.ts';
import { type LoggedIn, logInAs } from '../support/log-in.ts';

let api: TestApi;
const people = new Map<Role, LoggedIn>();
beforeAll(async () => {
  api = await startApi();
  for (const role of ROLES) people.set(role, await logInAs(api, role, role));
});
afterAll(() => api.stop());

/** What each role is for, written a second time: by scopes, and by paths where it is finer. */
const MAY: Record<Role, (op: Operation) => boolean> = {
  viewer: (op) => needs(op, 'read'),
  support: (op) => needs(op, 'read', 'act'),
  agent: (op) => needs(op, 'read') || (op.method === 'post' && op.path.startsWith('/v1/tasks/')),
  marketer: (op) => needs(op, 'read', 'configure') || op.path === '/v1/content/test-send',
  operator: () => true,
};

function needs(op: Operation, ...scopes: string[]): boolean {
  return listScopes(op).every((scope) => scopes.includes(scope));
}

it.each(OPERATIONS.map((op) => [`${op.method} ${op.path}`, op] as const))(
  '%s: each role may use it or is refused, as the role is for',
  async (_name, op) => {
    const path = op.path.replaceAll(/\{\w+\}/g, 'x');
    for (const [role, person] of people) {
      const { status, body } = await (op.method === 'get'
        ? person.get(path)
        : person.send(op.method, path, bodyOf(op)));
      const isRefused = status === 403 && body.code === 'role_not_permitted';
      expect([role, isRefused]).toEqual([role, !MAY[role](op)]);
      if (!isRefused) expect([role, status === 401 || status >= 500]).toEqual([role, false]);
    }
  },
);
