import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createWorkspace } from '../../../db/config/workspaces.ts';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import { type ConnectOptions, connectCommand } from '../../../src/cli/connect/connect.ts';
import { DEV_FILE, writeDevFile } from '../../../src/dev/dev-file.ts';
import { readBundleDir } from '../../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { AROMA } from '../../support/paths.ts';
import { runCommand } from '../support/run-command.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const files = await readBundleDir(AROMA);
  const activation = await activateBundle({ db: database.db, compiler: inlineCompiler }, 'aroma', files);
  expect(activation.ok).toBe(true);
});
afterAll(() => database.drop());
beforeEach(() => vi.stubEnv('SOURCES_FILE', ''));

/** Runs the command without waiting, and returns what it prints as one text. */
async function connect(
  kind: string,
  options: ConnectOptions = {},
  publicUrl = 'https://journeys.aroma.example/',
) {
  const { out } = await runCommand(database.url, async () => {
    vi.stubEnv('PUBLIC_URL', publicUrl);
    await connectCommand(kind, { wait: '0', ...options });
  });
  return out.join('\n');
}

/** A folder as `npm start` leaves it, for this database. */
function enterDevFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'connect-'));
  const dev = { url: 'http://127.0.0.1:3000', writeKey: '', browserKey: '', apiKey: '', temporalAddress: '' };
  writeDevFile({ ...dev, databaseUrl: database.url, mailboxUrl: '' }, path.join(dir, DEV_FILE));
  const cwd = vi.spyOn(process, 'cwd');
  const before = process.cwd();
  process.chdir(dir);
  onTestFinished(() => {
    process.chdir(before);
    cwd.mockRestore();
    rmSync(dir, { recursive: true });
  });
  return path.join(dir, '.throughline/sources.json');
}

test('Zendesk: the URL, the steps, the body to paste, and the entry of SOURCES', async () => {
  const text = await connect('zendesk', { secret: 'the-secret-of-zendesk' });
  expect(text).toContain('Zendesk as the source helpdesk of aroma');
  expect(text).toContain('     https://journeys.aroma.example/v1/sources/helpdesk\n');
  expect(text).toContain('"ticket_id": "{{ticket.id}}"');
  expect(text).toContain('{"helpdesk":{"workspace":"aroma","secrets":["the-secret-of-zendesk"]}}');
  expect(text).not.toContain('sources.yaml');
});

test('a source that the bundle does not have yet: the entry of sources.yaml', async () => {
  const text = await connect('intercom', { secret: 'the-client-secret' });
  expect(text).toContain('Intercom as the source intercom of aroma');
  expect(text).toContain('     - id: intercom\n       kind: intercom\n');
  expect(await connect('intercom', { source: 'chat', secret: 'the-client-secret' })).toContain(
    '- id: chat\n',
  );
});

test('a vendor that takes our secret gets a new one, in every place where it is needed', async () => {
  const text = await connect('freshdesk');
  const [, made = ''] = /x-throughline-secret: (\S+)/.exec(text) ?? [];
  expect(made).toMatch(/^[\w-]{32}$/);
  expect(text).toContain(`"secrets":["${made}"]`);
  expect(await connect('freshdesk')).not.toContain(made);
});

test("without the vendor's secret the command says what to do first", async () => {
  const text = await connect('zendesk');
  expect(text).toContain('Then run this command again with the signing secret of the webhook');
  expect(text).not.toContain('"secrets"');
});

test('npm start: the secret is written for it, readable by this user, and a second one stays beside the first', async () => {
  const file = enterDevFolder();
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as unknown;
  const first = await connect('zendesk', { secret: 'the-first-secret' }, '');
  expect(first).toContain('http://127.0.0.1:3000/v1/sources/helpdesk');
  expect(first).toContain('Zendesk cannot reach 127.0.0.1');
  expect(first).not.toContain('the-first-secret');
  expect(read()).toEqual({ helpdesk: { workspace: 'aroma', secrets: ['the-first-secret'] } });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = await connect('zendesk', { secret: 'the-second-secret' }, '');
  expect(second).toContain('the secret before it stays valid, too');
  await connect('zendesk', {}, '');
  await connect('freshdesk', {}, '');
  expect(read()).toMatchObject({
    helpdesk: { secrets: ['the-second-secret', 'the-first-secret'] },
    freshdesk: { workspace: 'aroma', secrets: [expect.any(String)] },
  });
  await connect('zendesk', { secret: 'the-third-secret' }, '');
  expect(read()).toMatchObject({ helpdesk: { secrets: ['the-third-secret', 'the-second-secret'] } });
  writeFileSync(file, '{"helpdesk": {"workspace": "aroma", "secrets": ["short"]}}');
  await expect(connect('zendesk', { secret: 'the-fourth-secret' }, '')).rejects.toThrow('must have at least');
});

test('a channel: its entry in CHANNELS, and no source where it has none', async () => {
  const text = await connect('smtp');
  expect(text).toContain('"kind": "smtp"');
  expect(text).not.toContain('/v1/sources/');
});

test.each<[string, ConnectOptions, string]>([
  ['zendsk', {}, "there is no kind zendsk: use .* did you mean 'zendesk'\\?"],
  ['zendesk', { source: 'Help Desk' }, 'is not the id of a source'],
  ['intercom', { source: 'helpdesk' }, 'is of the kind zendesk, not intercom'],
  ['zendesk', { secret: 'short' }, 'at least 8 characters'],
  ['zendesk', { wait: 'soon' }, '--wait is a duration'],
  ['zendesk', { workspace: 'arome' }, "did you mean 'aroma'\\?"],
  ['zendesk', { secret: 'the-secret-of-zendesk', wait: '1s' }, 'has sent nothing that was understood'],
])('%s %j ends with one line', async (kind, options, message) => {
  await expect(connect(kind, options)).rejects.toThrow(new RegExp(message));
});

test('without PUBLIC_URL there is no URL to print', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'connect-'));
  const before = process.cwd();
  process.chdir(dir);
  onTestFinished(() => {
    process.chdir(before);
    rmSync(dir, { recursive: true });
  });
  await expect(connect('zendesk', {}, '')).rejects.toThrow('set PUBLIC_URL');
});

test('where there are several workspaces, the user names one', async () => {
  await createWorkspace(database.db.sql, 'bean');
  await expect(connect('zendesk')).rejects.toThrow('add --workspace with one of aroma, bean');
  expect(await connect('zendesk', { workspace: 'bean', secret: 'the-secret-of-zendesk' })).toContain(
    '- id: zendesk',
  );
});
