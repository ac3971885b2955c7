import { afterAll, beforeAll, expect, it } from 'vitest';
import { preview } from '../../../src/api/config/schema.ts';
import { type BundleFile, treatEveryCustomer } from '../../support/bundles.ts';
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
const resting = (steps: string, more = ''): BundleFile[] => [
  workspace,
  {
    path: 'journeys/rest.yaml',
    text: `
id: rest
class: service
owner: care
enter: Begun
exit: [{ after: 300d }]
steps: [${steps}]
${more}`,
  },
];
const A = '{ id: a, wait: { until: [{ after: 9d }] } }';
const B = '{ id: b, wait: { until: [{ after: 9d }] } }';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, () => resting(A));
});
afterAll(() => api.stop());

it('an edit names the version it began from, and is refused if another is active', async () => {
  const files = resting(`${A}, ${B}`);
  const begun = (await api.post('/v1/config/preview', { files })).body;
  expect([begun.ok, begun.baseVersion]).toEqual([true, 1]);
  expect((await api.put('/v1/config', { files: resting(`${B}`, 'moved: { a: b }') })).body.version).toBe(2);
  const refused = await api.put('/v1/config', { files, baseVersion: begun.baseVersion });
  expect([refused.status, refused.body.code, refused.body.version]).toEqual([409, 'version_changed', 2]);
  const rollback = await api.post('/v1/config/rollback', { version: 1, baseVersion: 1 });
  expect([rollback.status, rollback.body.code]).toEqual([409, 'version_changed']);
  const applied = await api.put('/v1/config', { files: resting(`${A}, ${B}`), baseVersion: 2 });
  expect([applied.status, applied.body.version]).toEqual([200, 3]);
});

it('a preview has the graphs of the journeys that differ, before and after', async () => {
  const { body } = await api.post('/v1/config/preview', { files: resting(A, 'moved: { b: exit }') });
  expect(preview.safeParse(body).error?.issues).toBeUndefined();
  const [rest] = body.graphs;
  const ids = (graph: { nodes: { id: string }[] }) => graph.nodes.map(({ id }) => id);
  expect([body.graphs.length, rest.journey]).toEqual([1, 'rest']);
  expect(ids(rest.before)).toContain('b');
  expect(ids(rest.after)).not.toContain('b');
  const same = (await api.post('/v1/config/preview', { files: resting(`${A}, ${B}`) })).body;
  expect(same.graphs).toEqual([]);
  const gone = (await api.post('/v1/config/preview', { files: [workspace] })).body;
  expect(gone.graphs).toMatchObject([{ journey: 'rest', after: null }]);
});

it('a rollback is previewed as it would be applied: it needs a destination only for customers who are there', async () => {
  for (let n = 0; n < 2; n++) await api.track(`b-${n}`, 'Begun');
  await api.decide();
  const without = (await api.post('/v1/config/preview', { version: 2 })).body;
  expect([without.ok, without.errors[0].path]).toEqual([false, 'rest.a']);
  const moved = { rest: { a: 'b' } };
  const body = (await api.post('/v1/config/preview', { version: 2, moved })).body;
  expect(body.ok).toBe(true);
  expect(body.affected).toMatchObject([{ step: 'a', customers: 2, effect: 'moved', destination: 'b' }]);
  expect(body.graphs).toMatchObject([{ journey: 'rest' }]);
  expect((await api.get('/v1/config')).body.version).toBe(3);
  const back = await api.post('/v1/config/rollback', { version: 2, moved, baseVersion: 3 });
  expect(back.body.version).toBe(4);
});

it('the graphs of a bundle that is applied again do not differ, whatever the order that Postgres keeps', async () => {
  const example = await startApi({}, treatEveryCustomer);
  const { files } = (await example.get('/v1/config?text=true')).body;
  const texts = files.map(({ path, text }: BundleFile) => ({ path, text }));
  expect((await example.post('/v1/config/preview', { files: texts })).body).toMatchObject({
    ok: true,
    graphs: [],
  });
  await example.stop();
});
