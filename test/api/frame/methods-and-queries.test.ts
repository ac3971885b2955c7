import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('methods', () => {
  const paths = [...new Set(OPERATIONS.map((op) => op.path.replaceAll(/\{\w+\}/g, 'x')))];

  it.each([
    ...paths,
    '/v1/track',
    '/v1/t/',
    '/v1/import',
    '/v1/cloudevents',
    '/v1/projects/x/settings',
    '/sourceConfig',
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/docs',
    '/docs/start.js',
    '/docs/swagger-ui-bundle.js',
    '/docs/swagger-ui.css',
    '/unsubscribe/x',
    '/preferences/x',
  ])('DELETE %s is a 405 problem with Allow', async (path) => {
    const { status, body, headers, type } = await request(api.app).delete(path).auth(api.keys.api, '');
    expect([status, body.code, type]).toEqual([405, 'method_not_allowed', 'application/problem+json']);
    const allowed = String(headers.allow).split(', ');
    expect(allowed).toContain('OPTIONS');
    expect(allowed).not.toContain('DELETE');
    for (const method of allowed.filter((name) => name !== 'OPTIONS'))
      expect((await request(api.app)[method.toLowerCase() as 'get'](path)).status).not.toBe(405);
  });

  it('names all methods of a path, and only those', async () => {
    const allowOf = async (method: 'put' | 'get' | 'patch', path: string) =>
      (await request(api.app)[method](path)).headers.allow;
    expect(await allowOf('put', '/v1/decisions')).toBe('GET, HEAD, POST, OPTIONS');
    expect(await allowOf('get', '/v1/track')).toBe('POST, OPTIONS');
    expect(await allowOf('patch', '/unsubscribe/x')).toBe('GET, HEAD, POST, OPTIONS');
    // `lookup` is a path of its own, and no reference to a customer.
    expect(await allowOf('get', '/v1/customers/lookup')).toBe('POST, OPTIONS');
    expect(await allowOf('get', '/V1/TRACK')).toBe('POST, OPTIONS');
  });

  it('a path that nothing serves stays a 404', async () => {
    for (const path of ['/v1/nothing', '/v1/customers/x/nothing', '/V1', '/docs/x', '/v1/trackx'])
      expect([path, (await request(api.app).delete(path)).status]).toEqual([path, 404]);
  });
});

describe('query parameters', () => {
  it.each(OPERATIONS.map((op) => [`${op.method} ${op.path}`, op] as const))(
    '%s refuses an unknown parameter by its name',
    async (_name, op) => {
      const path = op.path.replaceAll(/\{\w+\}/g, 'x');
      const { status, body } = await request(api.app)
        [op.method](`${path}?limt=5`)
        .auth(api.keys.api, { type: 'bearer' });
      expect([status, body.code]).toEqual([400, 'invalid_request']);
      expect(body.errors).toMatchObject([{ path: 'query.limt', code: 'unknown_parameter' }]);
      expect(body.detail).toContain('limt');
    },
  );

  it('names every unknown parameter, also nested and repeated ones', async () => {
    const { body } = await api.get('/v1/customers?limit=2&a%5Bb%5D=1&LIMIT=3&x=1&x=2');
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'query.a[b]',
      'query.LIMIT',
      'query.x',
    ]);
    expect(body.errors[1].detail).toBe("there is no query parameter LIMIT; did you mean 'limit'?");
  });

  it('lets links of messages pass, to which mail programs add parameters', async () => {
    const { status } = await request(api.app).get('/unsubscribe/x?utm_source=mail');
    expect(status).toBe(404);
  });
});
