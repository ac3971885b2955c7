import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCOPES } from '../../../db/schema/values.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import type { Service } from '../../../src/service/service.ts';

export type Role = 'viewer' | 'support' | 'agent' | 'marketer' | 'operator';

const ROLE_SCOPES: Record<Role, (typeof SCOPES)[number][]> = {
  viewer: ['read'],
  agent: ['read', 'act'],
  support: ['read', 'act'],
  marketer: ['read', 'decide', 'configure'],
  operator: [...SCOPES],
};

/**
 * Stands in front of the API until it has sessions of its own: answers `/v1/session` by the role in a cookie, and sends
 * all other requests on with a key of that role.
 */
export async function startStandIn(service: Service, port: number, workspace: string) {
  const keys = new Map<Role, string>();
  for (const [role, scopes] of Object.entries(ROLE_SCOPES))
    keys.set(role as Role, await createKey(service.db, { workspace, label: role, kind: 'api', scopes }));
  const server = http.createServer((req, res) => {
    const role = /role=(\w+)/.exec(req.headers.cookie ?? '')?.[1] as Role | undefined;
    if (req.url?.startsWith('/v1/session')) return answerSession(req, res, role, workspace);
    const authorization = role ? { authorization: `Bearer ${keys.get(role)}` } : {};
    const headers = { ...req.headers, ...authorization };
    const forward = http.request(
      { port, host: '127.0.0.1', method: req.method, path: req.url, headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    forward.on('error', () => res.destroy());
    res.on('close', () => forward.destroy());
    req.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerSession(
  req: http.IncomingMessage,
  res: http.ServerResponse,
  role: Role | undefined,
  workspace: string,
) {
  const ended = req.url === '/v1/session/end' || !role;
  const body = ended
    ? { type: 'about:blank', title: 'Unauthorized', status: 401, code: 'missing_session' }
    : {
        user: { id: 'usr_1', login: `${role}@example.com`, name: `Kim the ${role}` },
        workspace,
        workspaces: [workspace],
        role,
        scopes: ROLE_SCOPES[role],
        csrfToken: 'token',
        expiresAt: '2030-01-01T00:00:00Z',
        currency: 'EUR',
        timeZone: 'Europe/Berlin',
      };
  if (req.url === '/v1/session/end') res.setHeader('Set-Cookie', 'role=; Path=/; Max-Age=0');
  res.writeHead(ended && req.method === 'GET' ? 401 : 200, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
