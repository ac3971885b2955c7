import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { applyCommand } from '../../../src/cli/bundle/apply.ts';
import { diffCommand } from '../../../src/cli/bundle/diff.ts';
import { exportCommand } from '../../../src/cli/bundle/export.ts';
import { rollbackCommand } from '../../../src/cli/bundle/rollback.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { startApi } from '../../../src/service/api.ts';
import { AROMA } from '../../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
let api: Awaited<ReturnType<typeof startApi>>;
let key: string;
let dir: string;
const out: string[] = [];
const err: string[] = [];

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
  api = await startApi(system.service);
  const scopes = ['read', 'configure'] as ('read' | 'configure')[];
  key = await createKey(system.db.db, { workspace: WORKSPACE, kind: 'api', scopes, label: 'test' });
  dir = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  cpSync(AROMA, dir, { recursive: true });
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await api.stop();
  await system.stop();
});
beforeEach(() => {
  out.length = 0;
  err.length = 0;
  vi.stubEnv('THROUGHLINE_URL', `http://127.0.0.1:${api.port}`);
  vi.stubEnv('THROUGHLINE_API_KEY', key);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void err.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const tips = () => path.join(dir, 'journeys/tips.yaml');

test('diff prints each edit with its rule and the affected customers, and applies nothing', async () => {
  await diffCommand(dir);
  expect(out.join('\n')).toContain('no definition changes');
  out.length = 0;
  const text = readFileSync(tips(), 'utf8');
  writeFileSync(tips(), text.replace('after: 7d', 'after: 3d'));
  await diffCommand(dir);
  expect(out.join('\n')).toMatch(/wait changed: tips: step week: .*\n {4}applies at once/);
  const [row] = await system.db.db.sql`select config_version as v from workspaces where id = ${WORKSPACE}`;
  expect(row?.v).toBe(1);
  writeFileSync(tips(), text.replace('owner:', 'owners:'));
  await expect(diffCommand(dir)).rejects.toThrow('would be refused');
  const line = text.split('\n').findIndex((each) => each.startsWith('owner:')) + 1;
  expect(err.join('\n')).toContain(`journeys/tips.yaml:${line}: unknown key: owners`);
  writeFileSync(tips(), text.replace('after: 7d', 'after: 3d'));
});

test('diff lists changed content, and warns of an event that was never received, with the nearest that was', async () => {
  await system.accept({ name: 'Espresso Tasted', userId: 'ada' });
  const mail = path.join(dir, 'content/tip-milk/email.en.liquid');
  const [mailText, tipsText] = [readFileSync(mail, 'utf8'), readFileSync(tips(), 'utf8')];
  writeFileSync(mail, mailText.replace(/^subject: .*$/m, 'subject: "Milk"'));
  writeFileSync(tips(), tipsText.replace('exit:\n', 'exit:\n  - Espreso Tasted\n'));
  await diffCommand(dir);
  expect(out.join('\n')).toMatch(
    /content changed: content tip-milk\/email.en.liquid: subject '.*' → 'Milk', lines/,
  );
  expect(err.join('\n')).toContain(
    `warning: ${dir}/journeys/tips.yaml: exit[0]: 'Espreso Tasted' has never been received; did you mean 'Espresso Tasted'?`,
  );
  writeFileSync(mail, mailText);
  writeFileSync(tips(), tipsText);
});

test('export writes the active or an earlier version, and overwrites changed files only with --force', async () => {
  await applyCommand(dir);
  const target = path.join(dir, '..', `${path.basename(dir)}-out`);
  try {
    await exportCommand(target, {});
    const read = async (from: string) => (await readBundleDir(from)).map(({ path: at, text }) => [at, text]);
    expect(await read(target)).toEqual(await read(dir));
    expect(out.at(-1)).toMatch(/^version 2: \d+ files/);

    writeFileSync(path.join(target, 'workspace.yaml'), '# mine\n');
    writeFileSync(path.join(target, 'journeys/mine.yaml'), '# mine\n');
    await expect(exportCommand(target, { version: '1' })).rejects.toThrow('--force');
    expect(err).toContain(`${target}/workspace.yaml differs`);
    expect(readFileSync(path.join(target, 'workspace.yaml'), 'utf8')).toBe('# mine\n');
    await exportCommand(target, { version: '1', force: true });
    expect(readFileSync(path.join(target, 'journeys/tips.yaml'), 'utf8')).toContain('after: 7d');
    expect(err.join('\n')).toContain('journeys/mine.yaml is not in version 1');
    await expect(exportCommand(target, { version: '77' })).rejects.toThrow();
    await expect(exportCommand(target, { version: 'x' })).rejects.toThrow('is not a version');
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
});

test('export refuses a path in a bundle that leads out of the folder', async () => {
  await system.db.db.sql`
    update bundles set files = files || '[{"path": "../escaped.txt", "text": "x"}]'::jsonb where version = 2`;
  const target = path.join(dir, 'inside');
  await expect(exportCommand(target, { version: '2' })).rejects.toThrow('outside of');
  expect(existsSync(path.join(dir, 'escaped.txt'))).toBe(false);
});

test('rollback activates an earlier version as a new version', async () => {
  await rollbackCommand('1', {});
  expect(out).toEqual(['version 3 is active, with the files of version 1']);
  await expect(rollbackCommand('99', {})).rejects.toThrow('refused');
  await expect(rollbackCommand('one', {})).rejects.toThrow('is not a version');
  await expect(rollbackCommand('1', { moved: ['tips'] })).rejects.toThrow('journey.step=destination');
});
