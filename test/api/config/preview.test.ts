import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { config, preview, versionList } from '../../../src/api/config/schema.ts';
import { journey } from '../../../src/api/journeys/schema.ts';
import { type BundleFile, replaceInFile } from '../../support/bundles.ts';
import { startApi, type TestApi } from '../support/harness.ts';

const workspace: BundleFile = {
  path: 'workspace.yaml',
  text: `
id: aroma
name: Aroma Coffee
currency: EUR
timezone: Europe/Berlin
locales: [en]
sender: { name: Aroma Coffee, email: hello@aroma.example }
`,
};

/** Customers who enter it wait at its first step. */
const resting = (id: string, first: string, more = ''): BundleFile => ({
  path: `journeys/${id}.yaml`,
  text: `
id: ${id}
class: service
owner: care
enter: { on: Started ${id} }
exit: [{ after: 300d }]
steps: [{ id: ${first}, wait: { until: [{ after: 14d }] } }, { id: on, wait: { until: [{ after: 90d }] } }]
${more}
`,
});

const FILES = [
  workspace,
  resting('short', 'wait'),
  resting('gone', 'wait'),
  resting('other', 'wait'),
  resting('step', 'old'),
  resting('pin', 'wait', 'versions: pin'),
];
const edited = [
  workspace,
  replaceInFile(
    'journeys/short.yaml',
    'after: 14d',
    'after: 2d',
  )([resting('short', 'wait')])[0] as BundleFile,
  resting('other', 'wait'),
  resting('step', 'fresh', 'moved: { old: fresh }'),
  replaceInFile(
    'journeys/pin.yaml',
    'after: 14d',
    'after: 2d',
  )([resting('pin', 'wait', 'versions: pin')])[0] as BundleFile,
  resting('added', 'wait'),
];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, () => FILES);
  for (const [id, customers] of Object.entries({ short: 3, gone: 2, other: 1, step: 2, pin: 1 })) {
    for (let n = 0; n < customers; n++) await api.track(`${id}-${n}`, `Started ${id}`);
  }
  await api.decide();
});
afterAll(() => api.stop());

const active = async () => (await api.get('/v1/config')).body;

it('correctness 33: a preview returns customers by step and how each group is affected, and applies nothing', async () => {
  const before = await active();
  const { status, body } = await api.post('/v1/config/preview', { files: edited });
  expect([status, preview.safeParse(body).error?.issues]).toEqual([200, undefined]);
  expect(body).toMatchObject({ ok: true, errors: [] });
  const affected = Object.fromEntries(body.affected.map((a: { journey: string }) => [a.journey, a]));
  const parked = { step: 'wait', state: 'waiting', version: 1, pinned: false };
  expect(affected).toEqual({
    short: {
      journey: 'short',
      ...parked,
      customers: 3,
      effect: 'changed',
      destination: null,
      rule: expect.any(String),
    },
    gone: {
      journey: 'gone',
      ...parked,
      customers: 2,
      effect: 'ended',
      destination: null,
      rule: expect.stringContaining('journey_removed'),
    },
    other: {
      journey: 'other',
      ...parked,
      customers: 1,
      effect: 'unchanged',
      destination: null,
      rule: expect.any(String),
    },
    step: {
      journey: 'step',
      ...parked,
      step: 'old',
      customers: 2,
      effect: 'moved',
      destination: 'fresh',
      rule: "they go to 'fresh'",
    },
    pin: {
      journey: 'pin',
      ...parked,
      pinned: true,
      customers: 1,
      effect: 'pinned',
      destination: null,
      rule: expect.stringContaining('version that they entered'),
    },
  });
  expect(affected.short.rule).toContain('counted from when the step began');
  const kinds = body.edits.map((edit: { kind: string; journey?: string }) => `${edit.kind} ${edit.journey}`);
  expect(kinds).toContain('journey_removed gone');
  expect(kinds).toContain('journey_added added');
  expect(kinds).toContain('wait_changed short');
  expect(await active()).toEqual(before);
});

it('a preview of the active files returns no edits and only unchanged groups', async () => {
  const { body } = await api.post('/v1/config/preview', { files: FILES });
  expect(body.edits).toEqual([]);
  expect(body.affected.map((a: { effect: string; pinned: boolean }) => [a.effect, a.pinned]).sort()).toEqual([
    ['pinned', true],
    ['unchanged', false],
    ['unchanged', false],
    ['unchanged', false],
    ['unchanged', false],
  ]);
});

it('a preview of a bundle with errors returns file, path and reason of each', async () => {
  const wrong = replaceInFile('journeys/short.yaml', 'owner: care', 'owners: care')(edited);
  const { status, body } = await api.post('/v1/config/preview', { files: wrong });
  expect([status, preview.safeParse(body).error?.issues]).toEqual([200, undefined]);
  expect(body).toMatchObject({ ok: false, edits: [], affected: [] });
  expect(body.errors[0]).toMatchObject({ file: 'journeys/short.yaml', code: 'invalid_definition' });
  const other = await api.post('/v1/config/preview', { files: FILES }, api.keys.otherApi);
  expect(other.body).toMatchObject({ ok: false, errors: [{ file: 'workspace.yaml', path: 'id' }] });
});

it('a removed step without a destination for its customers is refused, in the preview and when applied', async () => {
  const wrong = edited.map((file) => (file.path === 'journeys/step.yaml' ? resting('step', 'fresh') : file));
  const { body } = await api.post('/v1/config/preview', { files: wrong });
  expect(body).toMatchObject({ ok: false, errors: [{ file: 'journeys/step.yaml', path: 'moved' }] });
  const put = await request(api.app)
    .put('/v1/config')
    .auth(api.keys.api, { type: 'bearer' })
    .send({ files: wrong });
  expect([put.status, put.body.errors?.[0]?.path]).toEqual([422, 'moved']);
});

it('lists versions, returns the files of each, and the versions of a journey', async () => {
  const put = await request(api.app)
    .put('/v1/config')
    .auth(api.keys.api, { type: 'bearer' })
    .send({ files: edited });
  expect([put.status, put.body.version]).toEqual([200, 2]);
  const { body: versions } = await api.get('/v1/config/versions');
  expect(versionList.safeParse(versions).error?.issues).toBeUndefined();
  expect(versions.data).toMatchObject([
    { version: 2, active: true },
    { version: 1, active: false },
  ]);
  const { body: page } = await api.get('/v1/config/versions?limit=1');
  const { body: next } = await api.get(`/v1/config/versions?limit=1&cursor=${page.nextCursor}`);
  expect([page.data[0].version, next.data[0].version, next.nextCursor]).toEqual([2, 1, null]);

  const { body: first } = await api.get('/v1/config?version=1&text=true');
  expect(config.safeParse(first).error?.issues).toBeUndefined();
  expect(first.files).toEqual(
    expect.arrayContaining(FILES.map((file) => ({ ...file, bytes: Buffer.byteLength(file.text) }))),
  );
  expect((await api.get('/v1/config?version=99')).status).toBe(404);
  expect((await api.get('/v1/config?version=x')).status).toBe(400);
  expect((await api.get('/v1/config?version=1', api.keys.otherApi)).status).toBe(404);

  const { body: short } = await api.get('/v1/journeys/short');
  expect(journey.safeParse(short).error?.issues).toBeUndefined();
  expect(short.versions).toMatchObject([
    { version: 2, open: 0 },
    { version: 1, open: 3 },
  ]);
  expect(short.steps).toEqual([{ step: 'wait', state: 'waiting', version: 1, pinned: false, customers: 3 }]);
  expect(short.graph.nodes.map((node: { id: string }) => node.id)).toEqual(
    expect.arrayContaining(['enter:0', 'wait', 'on']),
  );
  const { body: other } = await api.get('/v1/journeys/other');
  expect(other.versions).toMatchObject([{ version: 1, open: 1 }]);
});

it('B-11: a rollback activates an earlier version as a new one, if customers on removed steps get a destination', async () => {
  await api.decide();
  await api.track('step-late', 'Started step');
  await api.decide();
  expect((await api.post('/v1/config/rollback', { version: 99 })).status).toBe(404);
  const unsaid = await api.post('/v1/config/rollback', { version: 1 });
  expect([unsaid.status, unsaid.body.errors]).toEqual([
    422,
    [expect.objectContaining({ path: 'step.fresh', detail: expect.stringContaining('customers are on') })],
  ]);
  const moved = { step: { fresh: 'old' } };
  const { status, body } = await api.post('/v1/config/rollback', { version: 1, moved });
  expect([status, body]).toMatchObject([200, { version: 3, changed: true }]);
  const { body: now } = await api.get('/v1/config?text=true');
  const { body: first } = await api.get('/v1/config?version=1&text=true');
  expect([now.version, now.files]).toEqual([3, first.files]);
  await api.track('step-late', 'Ticket Opened', { ticket_id: 'T1' });
  await api.decide();
  const { body: step } = await api.get('/v1/journeys/step');
  expect(step.steps.map((group: { step: string }) => group.step)).toContain('old');
});
