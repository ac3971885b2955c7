import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { DAY } from '../../src/domain/time/time.ts';
import type { BundleFile } from '../support/bundles.ts';
import { buildJourneyFile, buildSmallBundle, findOpenEnrollments } from '../support/sweep-fixtures.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const rest = (id: string, after: string) => `{ id: ${id}, wait: { until: [{ after: ${after} }] } }`;
const started = (id: string, steps: string, more = '') =>
  buildJourneyFile(id, `{ on: Started ${id} }`, { steps: `[${steps}]`, rest: more });

const NAMES = ['shortened', 'moved', 'pinned', 'removed', 'content', 'vip'];

/** A journey that waits for two weeks. */
const before = () =>
  buildSmallBundle(
    started('shortened', `${rest('wait', '14d')}, ${rest('on', '90d')}`),
    started('moved', `${rest('old', '14d')}, ${rest('on', '90d')}`),
    started('pinned', `${rest('wait', '14d')}, ${rest('on', '90d')}`, 'versions: pin'),
    started('removed', rest('wait', '14d')),
    started(
      'content',
      `${rest('wait', '14d')}, { id: mail, decide: { actions: [hello] } }, ${rest('on', '90d')}`,
    ),
    ...hello('Hello'),
  );

const after = () =>
  buildSmallBundle(
    started('shortened', `${rest('wait', '2d')}, ${rest('on', '90d')}`),
    started('moved', `${rest('fresh', '60d')}, ${rest('on', '90d')}`, 'moved: { old: fresh }'),
    started(
      'pinned',
      `${rest('wait', '60d')}, ${rest('other', '90d')}`,
      'versions: pin\nmoved: { on: exit }',
    ),
    started(
      'content',
      `${rest('wait', '2d')}, { id: mail, decide: { actions: [hello, news] } }, ${rest('on', '90d')}`,
    ),
    ...hello('Hello again'),
    ...mail('news', 'News'),
  );

function hello(subject: string): BundleFile[] {
  return mail('hello', subject, 'eligible: "!has(traits.vip)"');
}

/** A service action by e-mail. */
function mail(id: string, subject: string, more = ''): BundleFile[] {
  return [
    { path: `actions/${id}.yaml`, text: `id: ${id}\nclass: transactional\nchannels: [email]\n${more}\n` },
    { path: `content/${id}/email.en.liquid`, text: `---\nsubject: ${subject}\n---\n<p>Hello</p>\n` },
  ];
}

let system: TestSystem;
const customers = new Map<string, string>();
const of = (name: string) => customers.get(name) as string;
const stepOf = async (name: string) => (await findOpenEnrollments(system, of(name)))[0]?.step ?? null;

beforeAll(async () => {
  system = await startTestSystem({ files: before });
  for (const name of NAMES) {
    const vip = name === 'vip';
    const context = { traits: { email: `${name}@example.com`, ...(vip ? { vip } : {}) } };
    await system.accept({ name: `Started ${vip ? 'content' : name}`, userId: name, context });
    customers.set(name, await system.findCustomerId(name));
    await system.waitUntilSettled(of(name));
    // They have waited for three days when the edit is applied.
    await system.advanceTime(of(name), 3 * DAY);
  }
  expect(await Promise.all(NAMES.map(stepOf))).toEqual(['wait', 'old', 'wait', 'wait', 'wait', 'wait']);
  await system.applyExample(after);
});
afterAll(() => system?.stop());

test('B-11: a wait shortened from 14 to 2 days ends for a customer who has waited for three', async () => {
  await waitUntil(async () => (await stepOf('shortened')) === 'on', 'the shortened wait to end', 45_000);
  const [enrollment] = await findOpenEnrollments(system, of('shortened'));
  expect(enrollment?.version).toBe(1);
});

test('B-11: a customer at a removed step goes to the step that `moved` names', async () => {
  await waitUntil(async () => (await stepOf('moved')) === 'fresh', 'the move', 45_000);
  const rows = await system.db.db.sql`select record from decisions where customer_id = ${of('moved')}`;
  const changes = rows.flatMap(({ record }) => decodeRecord(record, 'changes').changes);
  const edits = changes.filter((change) => change.kind === 'moved' && change.reason === 'edit');
  expect(edits).toMatchObject([{ from: 'old', to: 'fresh' }]);
});

test('B-11: enrollments of a removed journey end with that reason', async () => {
  await waitUntil(async () => (await stepOf('removed')) === null, 'the journey to end', 45_000);
  const rows = await system.db.db.sql`select reason from enrollments where customer_id = ${of('removed')}`;
  expect(rows.map((row) => row.reason)).toEqual(['journey_removed']);
});

test('B-11: a pinned enrollment ends under the version it entered, and a new one uses the new version', async () => {
  await system.advanceTime(of('pinned'), 12 * DAY);
  await waitUntil(async () => (await stepOf('pinned')) === 'on', 'the old wait to end after its 14 days');
  await system.accept({ name: 'Started pinned', userId: 'pinned-2' });
  customers.set('pinned-2', await system.findCustomerId('pinned-2'));
  await system.waitUntilSettled(of('pinned-2'));
  await system.advanceTime(of('pinned-2'), 15 * DAY);
  expect(await stepOf('pinned-2')).toBe('wait');
});

test('C-7: a running worker sends content and actions that were added or changed without a redeploy', async () => {
  const subjectTo = (name: string) =>
    system.mailbox.messages().find((m) => m.to.includes(`${name}@example.com`))?.subject;
  await waitUntil(
    async () => subjectTo('content') !== undefined && subjectTo('vip') !== undefined,
    'both mails',
    45_000,
  );
  expect([subjectTo('content'), subjectTo('vip')]).toEqual(['Hello again', 'News']);
  // The mail arrives before its delivery is recorded as sent.
  await system.waitUntilSettled(of('vip'));
  expect(await findSentActions(system, of('vip'))).toEqual(['news']);
});
