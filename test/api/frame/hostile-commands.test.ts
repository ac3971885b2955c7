import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { bodyOf } from '../support/bodies.ts';
import { startApi, type TestApi } from '../support/harness.ts';
import { PLACEMENT } from '../support/realtime-shop.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 20 }, () => [...shop(), ...PLACEMENT]);
  await api.track('fuzz', 'Signed Up');
  await api.decide();
});
afterAll(() => api.stop());

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    '%',
    '*',
    'cus_',
    'user:fuzz',
    'x'.repeat(5_000),
  ),
  fc.constantFrom<unknown>(null, true, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], { a: { b: [null] } }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A valid body with some fields spoilt, or any other value. */
function spoilt(body: object): fc.Arbitrary<unknown> {
  const fields = fc.record(Object.fromEntries(Object.keys(body).map((name) => [name, nasty])), {
    requiredKeys: [],
  });
  return fc.oneof(
    { weight: 4, arbitrary: fields.map((some) => ({ ...body, ...some })) },
    { weight: 1, arbitrary: nasty },
  );
}

const taking = OPERATIONS.filter((op) => op.body).map((op) => [`${op.method} ${op.path}`, op] as const);

it.each(taking)('%s: no body is answered with a 5xx; each refusal names what is wrong', async (_name, op) => {
  const path = op.path
    .replace('{ref}', 'user:fuzz')
    .replace('/journeys/{id}', '/journeys/letters')
    .replace('{id}', 'x');
  // An erased customer cannot be used again.
  const url = path.endsWith('/erase') ? path.replace('user:fuzz', 'user:nobody') : path;
  await fc.assert(
    fc.asyncProperty(spoilt(bodyOf(op)), async (body) => {
      const call = op.method === 'put' ? api.put(url) : api.post(url);
      const { status, body: said } = await call.type('json').send(JSON.stringify(body));
      const text = JSON.stringify(body);
      expect([text, status < 500]).toEqual([text, true]);
      if (status >= 400)
        expect([text, said.code, typeof said.detail]).toEqual([text, expect.any(String), 'string']);
    }),
    { numRuns: 40 },
  );
});

it('no customer reference is answered with a 5xx', async () => {
  const ref = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom('user:', 'ext::', 'ext:a', 'cus_', 'user:\u0000', '..', 'anon:%00', 'user:'.repeat(500)),
  );
  await fc.assert(
    fc.asyncProperty(ref, async (text) => {
      fc.pre(!/[\ud800-\udfff]/.test(text));
      for (const rest of ['', '/timeline', '/actions/tip', '/export']) {
        const { status } = await api.get(`/v1/customers/${encodeURIComponent(text)}${rest}`);
        expect([text, rest, status >= 500]).toEqual([text, rest, false]);
      }
    }),
    { numRuns: 60 },
  );
});
