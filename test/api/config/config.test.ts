import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { activation, config } from '../../../src/api/config/schema.ts';
import { problem } from '../../../src/api/frame/schema.ts';
import { journey, journeyList } from '../../../src/api/journeys/schema.ts';
import { type BundleFile, readBundleDir, replaceInFile } from '../../support/bundles.ts';
import { AROMA } from '../../support/paths.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
let files: BundleFile[];
beforeAll(async () => {
  api = await startApi({}, (f) => f);
  files = await readBundleDir(AROMA);
});
afterAll(() => api.stop());

const put = (body: object, key = api.keys.api) =>
  request(api.app).put('/v1/config').auth(key, { type: 'bearer' }).send(body);
const active = async () => (await api.get('/v1/config')).body;

it('applies a bundle; applying it again changes nothing', async () => {
  const again = await put({ files });
  expect([again.status, again.body.changed, again.body.version]).toEqual([200, false, 1]);
  const edited = replaceInFile('workspace.yaml', 'name: Aroma Coffee', 'name: Aroma')(files);
  const { status, body } = await put({ files: edited });
  expect([status, activation.safeParse(body).error?.issues]).toEqual([200, undefined]);
  expect(body).toMatchObject({ version: 2, changed: true });
  const now = await active();
  expect(config.safeParse(now).error?.issues).toBeUndefined();
  expect(now).toMatchObject({
    version: 2,
    files: expect.arrayContaining([{ path: 'workspace.yaml', bytes: expect.any(Number) }]),
  });
  const { body: full } = await api.get('/v1/config?text=true');
  expect(full.files.find((f: BundleFile) => f.path === 'workspace.yaml').text).toContain('name: Aroma');
});

it('refuses a bundle with errors as a whole, and returns file, path and reason of each error', async () => {
  const before = await active();
  const wrong = [
    replaceInFile('journeys/tips.yaml', 'owner:', 'owners:'),
    replaceInFile('actions/rescue.yaml', 'scores.value >= 0.8', 'scores.value >='),
  ].reduce((all, change) => change(all), files);
  const { status, body } = await put({ files: wrong });
  expect([status, body.code]).toEqual([422, 'invalid_bundle']);
  const errors = (body.errors as { file: string; path: string; code: string; detail: string }[]).map(
    (e) => e.file,
  );
  expect(errors).toContain('journeys/tips.yaml');
  expect(errors).toContain('actions/rescue.yaml');
  for (const error of body.errors)
    expect(error).toMatchObject({ code: 'invalid_definition', detail: expect.stringMatching(/./) });
  expect(body.warnings).toEqual(expect.any(Array));
  // Its warnings are a member that not every problem has, and the document allows that.
  expect(z.toJSONSchema(problem).additionalProperties).not.toBe(false);
  expect(await active()).toEqual(before);
});

it('refuses a body that is no bundle, a bundle of another workspace, and more than 5 MB', async () => {
  const before = await active();
  const text = (n: number) => ({ files: [...files, { path: 'content/x.txt', text: 'x'.repeat(n) }] });
  expect((await put({ files: 'x' })).status).toBe(400);
  expect((await put({ files: [...files, files[0]] })).body.errors).toMatchObject([
    { code: 'duplicate_path' },
  ]);
  expect((await put({ files: [] })).status).toBe(422);
  expect((await put({ files: [{ path: 'workspace.yaml', text: 'a\u0000b' }] })).body.code).toBe(
    'invalid_text',
  );
  expect((await put(text(5_300_000))).status).toBe(413);
  expect((await put({ files }, api.keys.otherApi)).body.errors).toMatchObject([
    { file: 'workspace.yaml', path: 'id' },
  ]);
  expect(await active()).toEqual(before);
});

it('lists journeys with counts of enrollments by arm', async () => {
  await api.track('j-1', 'Order Completed', { order_id: 'j-1', total: 1 });
  await api.track('j-2', 'Order Completed', { order_id: 'j-2', total: 1 });
  await api.decide();
  await api.post('/v1/customers/user:j-2/exit', { reason: 'x', actor: 'y', wait: false });
  await api.decide();
  const { body: list } = await api.get('/v1/journeys');
  expect(journeyList.safeParse(list).error?.issues).toBeUndefined();
  expect(list.data.map((j: { id: string }) => j.id)).toContain('payment-rescue');
  expect(list.data.find((j: { id: string }) => j.id === 'tips')).toMatchObject({ name: 'Weekly tips' });
  const { body: one } = await api.get('/v1/journeys/order-confirmation');
  expect(journey.safeParse(one).error?.issues).toBeUndefined();
  const { treated, control } = one.counts;
  expect([treated.open + control.open, treated.ended + control.ended]).toEqual([1, 1]);
  expect(one.definition).toMatchObject({ id: 'order-confirmation', steps: expect.any(Array) });
  expect((await api.get('/v1/journeys/none')).status).toBe(404);
});

it('returns the JSON Schema of a bundle', async () => {
  const { status, body } = await api.get('/v1/schema/bundle.json');
  expect([status, body.title]).toEqual([200, 'Throughline bundle']);
});
