import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BundleCompiler,
  createBundleCompiler,
} from '../../../src/app/config/compiler/bundle-compiler.ts';
import { type BundleFile, treatEveryCustomer } from '../../support/bundles.ts';
import { startApi, type TestApi } from '../support/harness.ts';

/** With limits far below those of the service, so that each bundle here exceeds them. */
const LIMITS = { ms: 3_000, heapMb: 160 };

let api: TestApi;
let compiler: BundleCompiler;
let aroma: BundleFile[];

beforeAll(async () => {
  api = await startApi({}, (files) => {
    aroma = treatEveryCustomer(files);
    return aroma;
  });
  compiler = createBundleCompiler(LIMITS);
  api.deps.compiler = compiler;
  // The process is started before anything is measured.
  await api.post('/v1/config/preview', { files: aroma });
});
afterAll(async () => {
  await compiler?.close();
  await api?.stop();
});

/** Mails with almost as many elements as are allowed: each takes about 0.1 s to compile. */
const slow: BundleFile[] = Array.from({ length: 250 }, (_, n) => ({
  path: `content/receipt/email.x${n}.mjml`,
  text: `---\nsubject: s${n}\n---\n<mjml><mj-body>${'<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>'.repeat(150)}</mj-body></mjml>`,
}));

async function whilePreviewing(files: BundleFile[]) {
  let done = false;
  const preview = api.post('/v1/config/preview', { files }).then((answer) => {
    done = true;
    return answer;
  });
  const waits: number[] = [];
  let longestTurn = 0;
  let last = performance.now();
  const turns = setInterval(() => {
    longestTurn = Math.max(longestTurn, performance.now() - last);
    last = performance.now();
  }, 5);
  while (!done) {
    const began = performance.now();
    await api.track(`customer-${waits.length}`, 'Seen');
    waits.push(performance.now() - began);
  }
  clearInterval(turns);
  return { answer: await preview, waits, longestTurn };
}

test('security 2: while a bundle is compiled that takes too long, events are accepted; it is refused with its file', async () => {
  const { answer, waits, longestTurn } = await whilePreviewing([...aroma, ...slow]);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ok: false, edits: [], affected: [] });
  expect(answer.body.errors).toEqual([
    {
      file: expect.stringMatching(/^content\/receipt\/email\.x\d+\.mjml$/),
      path: '',
      code: 'invalid_definition',
      detail: 'takes longer than 3 s to compile: split it, or make it smaller and simpler',
    },
  ]);
  expect(waits.length).toBeGreaterThan(10);
  expect(Math.max(...waits)).toBeLessThan(2_000);
  expect(longestTurn).toBeLessThan(1_000);
});

test('security 2: it is refused as well when it is applied, and changes nothing', async () => {
  const before = await api.get('/v1/config');
  const { status, body } = await api.put('/v1/config', { files: [...aroma, ...slow] });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: 'invalid_bundle', errors: [{ code: 'invalid_definition' }] });
  expect((await api.get('/v1/config')).body).toEqual(before.body);
});

test('security 6: what needs too much memory is refused with its file, and the next bundle is compiled', async () => {
  const greedy = Array.from({ length: 25 }, (_, n) => ({
    path: `journeys/bomb-${n}.yaml`,
    text: '- [[[[[[[[[[1]]]]]]]]]]\n'.repeat(8_000),
  }));
  api.deps.compiler = createBundleCompiler({ heapMb: LIMITS.heapMb, ms: 60_000 });
  const refused = await api.post('/v1/config/preview', { files: [...aroma, ...greedy] });
  expect(refused.body.errors).toEqual([
    expect.objectContaining({
      file: expect.stringMatching(/^journeys\/bomb-\d+\.yaml$/),
      detail: 'needs more than 160 MB of memory to compile: split it, or make it smaller and simpler',
    }),
  ]);
  expect((await api.post('/v1/config/preview', { files: aroma })).body.ok).toBe(true);
  await api.deps.compiler.close();
  api.deps.compiler = compiler;
});

test('security 2: one workspace that previews without end is refused, and another is served', async () => {
  const flood = Array.from({ length: 12 }, () =>
    api.post('/v1/config/preview', { files: [...aroma, ...slow] }).then(({ status }) => status),
  );
  const began = performance.now();
  const other = await request(api.app)
    .post('/v1/config/preview')
    .auth(api.keys.otherApi, { type: 'bearer' })
    .send({ files: [] });
  expect(other.status).toBe(200);
  expect(performance.now() - began).toBeLessThan(LIMITS.ms * 4);
  const statuses = await Promise.all(flood);
  // One is compiled, four wait; each ends after three seconds.
  expect(statuses.filter((status) => status === 503)).toHaveLength(7);
  expect(statuses.filter((status) => status === 200)).toHaveLength(5);
});
