import { afterAll, beforeAll, expect, test } from 'vitest';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import { rollbackBundle } from '../../../src/app/config/rollback-bundle.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../../support/bundles.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { AROMA } from '../../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { readCustomerId } from '../intake/support.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

/** The example with one more step in the confirmation: it waits for a day before it sends. */
const withStep = replaceInFile(
  'journeys/order-confirmation.yaml',
  /steps:/,
  'steps:\n  - { id: breathe, wait: { until: [{ after: 1d }] } }',
);

const activeVersion = async () => {
  const [row] = await system.db.db.sql`select config_version as v from workspaces where id = ${WORKSPACE}`;
  return row?.v as number;
};

test('a rollback makes a new version with the old files, and needs a destination for customers on a removed step', async () => {
  const first = await activeVersion();
  const second = await system.applyExample((files) => withStep(treatEveryCustomer(files)));
  const activities = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent' as const, providerId: '' })),
  );
  await system.accept({
    name: 'Order Completed',
    userId: 'standing',
    properties: { order_id: '1', total: 1 },
  });
  const customer = await readCustomerId(system, 'user', 'standing');
  await activities.decide(customer, null);

  const refused = await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, first);
  expect(refused).toMatchObject({ ok: false, errors: [{ path: 'order-confirmation.breathe' }] });
  expect(await activeVersion()).toBe(second);
  const nowhere = { 'order-confirmation': { breathe: 'nowhere' } };
  expect(
    await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, first, nowhere),
  ).toMatchObject({ ok: false });

  const moved = { 'order-confirmation': { breathe: 'exit' } };
  const back = await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, first, moved);
  expect(back).toMatchObject({ ok: true, version: second + 1, changed: true });
  const rows = await system.db.db.sql`
    select version, hash, compiled from bundles where workspace = ${WORKSPACE} order by version`;
  const of = (version: number) => rows.find((row) => row.version === version);
  expect(of(second + 1)?.hash).toBe(of(first)?.hash);
  const journey = of(second + 1)?.compiled.journeys.find(
    (j: { id: string }) => j.id === 'order-confirmation',
  );
  expect(journey.moved).toEqual({ breathe: 'exit' });
  expect(journey.activeSince).toBe(
    of(first)?.compiled.journeys.find((j: { id: string }) => j.id === 'order-confirmation').activeSince,
  );
});

test('a rollback needs no destination for a step without customers, and is refused for an unknown version', async () => {
  const first = await activeVersion();
  await system.applyExample((files) =>
    replaceInFile(
      'journeys/tips.yaml',
      /steps:/,
      'steps:\n  - { id: pause, wait: { until: [{ after: 1d }] } }',
    )(treatEveryCustomer(files)),
  );
  expect(
    await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, first),
  ).toMatchObject({ ok: true, changed: true });
  expect(await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, 999)).toMatchObject({
    ok: false,
  });
});

test('correctness 34: two concurrent activations are each checked against the one before', async () => {
  const before = await activeVersion();
  const files = treatEveryCustomer(await readBundleDir(AROMA));
  const commented = (text: string) =>
    files.map((f) => (f.path === 'workspace.yaml' ? { ...f, text: `${f.text}\n# ${text}\n` } : f));
  const made = await Promise.all(
    ['a', 'b', 'c'].map((text) =>
      activateBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, commented(text)),
    ),
  );
  expect(made.map((m) => m.ok && m.version).sort()).toEqual([before + 1, before + 2, before + 3]);
});

test('A-6: MJML is stored with its compiled form, and only a change of its source makes a new version', async () => {
  const path = 'content/order-confirmation/email.en.mjml';
  const mjml = (word: string) =>
    `---\nsubject: x\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>${word}</mj-text></mj-column></mj-section></mj-body></mjml>`;
  const withMail = (word: string) => (files: BundleFile[]) =>
    treatEveryCustomer(files).map((file) =>
      file.path === path.replace('mjml', 'liquid') ? { path, text: mjml(word) } : file,
    );
  const first = await system.applyExample(withMail('one'));
  expect(await system.applyExample(withMail('one'))).toBe(first);
  const second = await system.applyExample(withMail('two'));
  expect(second).toBe(first + 1);
  expect(
    await rollbackBundle({ db: system.db.db, compiler: inlineCompiler }, WORKSPACE, first),
  ).toMatchObject({
    ok: true,
    version: second + 1,
  });
  const rows = await system.db.db.sql`
    select hash, files from bundles where workspace = ${WORKSPACE} and version in (${first}, ${second + 1})`;
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(1);
  for (const { files } of rows) {
    const file = (files as BundleFile[]).find((one) => one.path === path);
    expect(file).toMatchObject({
      text: mjml('one'),
      compiled: expect.stringMatching(/<!doctype html>[\s\S]*one/),
    });
  }
  await expect(system.applyExample(withMail('<mj-frog />'))).rejects.toThrow(
    "MJML, line 4: <mj-frog> can't be inside <mj-text>",
  );
  expect(await activeVersion()).toBe(second + 1);
});
