import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../db/decisions/record/decision-record.ts';
import { decision } from '../../../src/api/decisions/schema.ts';
import { actionEligibility } from '../../../src/api/eligibility/schema.ts';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

const SHOP = `
id: ${WORKSPACE}
name: Aroma
currency: EUR
timezone: Europe/Berlin
locales: [en]
spacing: 0s
caps:
  - { max: 9, per: 1d, channel: sms }
  - { max: 9, per: 7d }
channels: { sms: { via: webhook, address: phone } }
sender: { name: Aroma, email: hello@aroma.example }
`;

/** Customers who sign up wait, and get a message when they are ready. */
const journey = (id: string, versions: 'pin' | 'follow') => `
id: ${id}
owner: growth
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin, exit: false }
enter: { on: Signed Up ${id} }
exit: [{ after: 60d }]
versions: ${versions}
steps:
  - { id: rest, wait: { until: [{ on: Ready }] } }
  - { id: tell, decide: { actions: [tip], hold: 30d } }
`;

const files = (wanted: string): BundleFile[] => [
  { path: 'workspace.yaml', text: SHOP },
  { path: 'journeys/pinned.yaml', text: journey('pinned', 'pin') },
  { path: 'journeys/following.yaml', text: journey('following', 'follow') },
  {
    path: 'actions/all.yaml',
    text: `
- id: tip
  class: marketing
  channels: [email]
  eligible: "count('${wanted}') > 0"
  limit: [{ max: 3, every: 7d }, { max: 9 }]
`,
  },
  { path: 'content/tip/email.en.liquid', text: '---\nsubject: Hello\n---\n<p>Hello</p>' },
];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, () => files('Asked'));
});
afterAll(() => api.stop());

const RULES = {
  tickets: 2,
  'channels.email': 2,
  consent: 2,
  spacing: 2,
  'caps[1]': 2,
};

function rulesIn(gates: { rule?: string | undefined; version?: number | undefined }[]) {
  return Object.fromEntries(
    gates.flatMap(({ rule, version }) => (rule === undefined ? [] : [[rule, version]])),
  );
}

it('I6: each verdict names its rule and its bundle version; for a pinned enrollment the pinned version', async () => {
  for (const id of ['pinned', 'following']) {
    await api.track(id, 'Consent Changed', { purpose: 'marketing', status: 'granted' });
    await api.batch({ type: 'identify', userId: id, traits: { email: `${id}@example.com` } });
    await api.track(id, `Signed Up ${id}`);
  }
  await api.decide();
  const edited = await activateBundle(api.deps, WORKSPACE, files('Begged'));
  expect(edited.ok).toBe(true);
  for (const id of ['pinned', 'following']) await api.track(id, 'Ready');
  await api.decide();
  for (const [id, version] of [
    ['pinned', 1],
    ['following', 2],
  ] as const) {
    const { body } = await api.get(`/v1/customers/user:${id}/decisions`);
    const shown = decision.parse((await api.get(`/v1/decisions/${body.data[0].id}`)).body);
    expect(shown.versions.bundle).toBe('b-2');
    const gates = shown.candidates[0]?.gates ?? [];
    expect(rulesIn(gates)).toEqual({ ...RULES, eligible: version, 'limit[0]': version, 'limit[1]': version });
    expect(gates.filter((gate) => !gate.pass)).toEqual([
      {
        gate: 'eligibility',
        rule: 'eligible',
        version,
        pass: false,
        code: 'not_eligible',
        observed: false,
        needed: `count('${version === 1 ? 'Asked' : 'Begged'}') > 0`,
        liftsAt: null,
        liftsOn: null,
      },
    ]);
    const now = actionEligibility.parse((await api.get(`/v1/customers/user:${id}/actions/tip`)).body);
    expect(rulesIn(now.channels[0]?.gates ?? [])).toEqual({
      ...RULES,
      eligible: 2,
      'limit[0]': 2,
      'limit[1]': 2,
    });
  }
});

it('returns verdicts of older builds, which have no rule', async () => {
  const id = await api.customerOf('following');
  const rows = await api.db.sql`select id, record from decisions where customer_id = ${id}`;
  for (const row of rows) {
    const record = decodeRecord(row.record);
    const candidates = record.candidates.map((candidate) => ({
      ...candidate,
      gates: candidate.gates.map(({ rule: _, ...verdict }) => verdict),
    }));
    const encoded = encodeRecord({ ...record, candidates });
    await api.db.sql`update decisions set record = ${encoded} where id = ${row.id}`;
  }
  const { body } = await api.get(`/v1/customers/user:following/decisions`);
  const shown = decision.parse(body.data[0]);
  expect(rulesIn(shown.candidates[0]?.gates ?? [])).toEqual({});
  expect(shown.candidates[0]?.gates).toContainEqual({ gate: 'consent', pass: true });
});
