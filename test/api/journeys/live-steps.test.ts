import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersAtStep, journey, journeyList } from '../../../src/api/journeys/schema.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

const FILES: BundleFile[] = [
  {
    path: 'workspace.yaml',
    text: `
id: aroma
name: Aroma Coffee
currency: EUR
timezone: Europe/Berlin
locales: [en]
sender: { name: Aroma Coffee, email: hello@aroma.example }
`,
  },
  {
    path: 'journeys/path.yaml',
    text: `
id: path
class: service
owner: care
enter: Begun
exit: [{ after: 300d }]
steps:
  - { id: first, wait: { until: [Went On, { after: 30d }] } }
  - { id: second, wait: { until: [Went On] } }
`,
  },
];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, () => FILES);
  for (let n = 0; n < 5; n++) await api.track(`c-${n}`, 'Begun');
  await api.decide();
  for (let n = 0; n < 2; n++) await api.track(`c-${n}`, 'Went On');
  await api.decide();
});
afterAll(() => api.stop());

const path = async () => (await api.get('/v1/journeys/path')).body;

describe('where the customers of a journey are', () => {
  it('C-11: counts them by step, with how long they have been there and how long those who left stayed', async () => {
    const body = await path();
    expect(journey.safeParse(body).error?.issues).toBeUndefined();
    const at = { state: 'waiting', version: 1, pinned: false };
    expect(body.steps).toEqual([
      { step: 'first', ...at, customers: 3 },
      { step: 'second', ...at, customers: 2 },
    ]);
    expect(body.times.map((t: { step: string }) => t.step)).toEqual(['first', 'second']);
    const [first, second] = body.times;
    expect([first.now.customers, second.now.customers]).toEqual([3, 2]);
    expect(first.left.customers).toBe(2);
    expect(first.left.p90).toBeGreaterThanOrEqual(first.left.p50);
    expect(second.left).toBeNull();
  });

  it('the counts by step equal those of the state that decides, also after a customer has left', async () => {
    await api.track('c-0', 'Went On');
    await api.decide();
    const counted = await api.db.sql`
      select e ->> 'step' as step, count(*)::int as customers
      from journeys j cross join jsonb_array_elements(j.state -> 'enrollments') e group by 1 order by 1`;
    const { steps, counts } = await path();
    expect(
      steps.map(({ step, customers }: { step: string; customers: number }) => ({ step, customers })),
    ).toEqual([...counted]);
    expect(counts.treated).toEqual({ open: 4, ended: 1, goal: 0 });
  });

  it('lists them page by page, those first who have been there for longest', async () => {
    await api.batch({ type: 'identify', userId: 'c-2', traits: { firstName: 'Cleo', lastName: 'Ito' } });
    await api.decide();
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`/v1/journeys/path/customers?step=first&limit=2${cursor}`);
      expect(customersAtStep.safeParse(body).error?.issues).toBeUndefined();
      seen.push(...body.data.map((row: { customerId: string }) => row.customerId));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen)).toEqual(new Set(await Promise.all([2, 3, 4].map((n) => api.customerOf(`c-${n}`)))));
    expect(seen).toHaveLength(3);
    const all = (await api.get('/v1/journeys/path/customers')).body.data;
    expect(all.map((row: { step: string }) => row.step)).toEqual(['first', 'first', 'first', 'second']);
    expect(all.map((row: { customerName: string | null }) => row.customerName)).toEqual(
      expect.arrayContaining(['Cleo Ito', null]),
    );
    expect((await api.get('/v1/journeys/path/customers?step=nowhere')).body.data).toEqual([]);
    expect((await api.get('/v1/journeys/nowhere/customers')).status).toBe(404);
  });

  it('reads one index for the counts, and no row', async () => {
    await api.db.sql`vacuum enrollments`;
    const plan = await api.db.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return tx`
        explain select step, state, version, pinned, count(*) from enrollments
        where workspace = ${WORKSPACE} and journey = 'path' and ended_at is null and step is not null
        group by 1, 2, 3, 4`;
    });
    expect(JSON.stringify(plan)).toContain('Index Only Scan using enrollments_position');
  });
});

describe('a journey in the list', () => {
  it('has its goal, holdout and entries in words', async () => {
    const { body } = await api.get('/v1/journeys');
    expect(journeyList.safeParse(body).error?.issues).toBeUndefined();
    expect(body.data).toMatchObject([{ id: 'path', goal: null, holdout: 0, entries: ['Begun'], stuck: 0 }]);
  });
});

describe('an earlier version of a journey', () => {
  it('has its own definition and graph; each version names who applied it', async () => {
    const text = FILES[1]?.text.replace('id: second', 'id: later') ?? '';
    const files = [FILES[0], { path: 'journeys/path.yaml', text: `${text}moved: { second: later }\n` }];
    expect((await api.put('/v1/config', { files })).status).toBe(200);
    const idsOf = (body: { graph: { nodes: { id: string }[] } }) => body.graph.nodes.map(({ id }) => id);
    const now = await path();
    expect(idsOf(now)).toContain('later');
    const before = (await api.get('/v1/journeys/path?version=1')).body;
    expect(idsOf(before)).toContain('second');
    expect(idsOf(before)).not.toContain('later');
    expect(now.versions).toMatchObject([
      { version: 2, appliedBy: 'aroma api' },
      { version: 1, appliedBy: null },
    ]);
    expect((await api.get('/v1/journeys/path?version=9')).status).toBe(404);
    expect((await api.get('/v1/config/versions')).body.data[0]).toMatchObject({ appliedBy: 'aroma api' });
  });
});
