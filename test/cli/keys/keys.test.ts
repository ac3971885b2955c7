import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ListedKey, listKeys } from '../../../db/access/keys.ts';
import { createWorkspace } from '../../../db/config/workspaces.ts';
import { createKeyLookup } from '../../../src/app/api-keys/keys.ts';
import { selectKeys } from '../../../src/app/api-keys/revoke-key.ts';
import { createKeyCommand } from '../../../src/cli/keys/create.ts';
import { listKeysCommand } from '../../../src/cli/keys/list.ts';
import { revokeKeyCommand } from '../../../src/cli/keys/revoke.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { runCommand } from '../support/run-command.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = (...args: Parameters<typeof createKeyCommand>) =>
  runCommand(database.url, () => createKeyCommand(...args));
const list = (options?: Parameters<typeof listKeysCommand>[0]) =>
  runCommand(database.url, () => listKeysCommand(options));
const revoke = (...args: Parameters<typeof revokeKeyCommand>) =>
  runCommand(database.url, () => revokeKeyCommand(...args));

test('a key needs a workspace, and its name where there are several', async () => {
  await expect(create('write', { label: 'shop' })).rejects.toThrow(
    'there is no workspace yet: run throughline workspaces create <id>',
  );
  await createWorkspace(database.db.sql, 'aroma');
  await create('write', { label: 'shop' });
  await createWorkspace(database.db.sql, 'bean');
  await expect(create('write', { label: 'shop' })).rejects.toThrow(
    'there are several workspaces: add --workspace with one of aroma, bean',
  );
  await expect(create('write', { label: 'shop', workspace: 'arome' })).rejects.toThrow(
    "there is no workspace arome: use aroma, bean, or run throughline workspaces create arome; did you mean 'aroma'?",
  );
});

test('createKeyCommand prints the key alone on standard output, once; the list shows how it begins', async () => {
  const { out, err } = await create('api', { label: 'support', workspace: 'aroma', scopes: 'act,read' });
  expect(out).toEqual([expect.stringMatching(/^ak_[\w-]{43}$/)]);
  expect(err).toEqual([
    'created an API key (read, act) for aroma: support',
    'This is the only time that it is shown:',
  ]);
  const json = await create('browser', { label: 'website', workspace: 'bean', json: true });
  expect(JSON.parse(json.out.join(''))).toEqual({
    key: expect.stringMatching(/^bk_/),
    kind: 'browser',
    workspace: 'bean',
    label: 'website',
    scopes: [],
  });
  const listed = (await list({ workspace: 'aroma' })).out;
  expect(listed[0]).toBe('KEY           KIND   WORKSPACE  LABEL    SCOPES    CREATED            LAST USED');
  expect(listed[2]).toMatch(
    new RegExp(`^${out[0]?.slice(0, 11)}…  api    aroma      support  read,act  20..-..-.. ..:..Z  -$`),
  );
  const [support] = JSON.parse((await list({ json: true })).out.join('')).filter(
    (key: { label: string }) => key.label === 'support',
  );
  expect(support).toEqual({
    id: expect.stringMatching(/^key_/),
    workspace: 'aroma',
    kind: 'api',
    scopes: ['read', 'act'],
    label: 'support',
    prefix: out[0]?.slice(0, 11),
    createdAt: expect.stringMatching(/Z$/),
    lastUsedAt: null,
    revokedAt: null,
  });
});

test.each([
  ['writ', { label: 'x' }, /^there is no kind of key writ: use write .*did you mean 'write'\?$/],
  ['api', { label: 'x' }, /^an API key needs --scopes: all, or some of read,decide,act,configure,operate/],
  ['api', { label: 'x', scopes: 'raed' }, /^there is no scope raed: .*did you mean 'read'\?$/],
  ['api', { label: 'x', scopes: '' }, /^there is no scope ""/],
  ['write', { label: 'x', scopes: 'read' }, 'a write key has no scopes: leave --scopes out'],
  ['write', { label: ' ' }, /^the label must have 1 to 100 characters/],
])('createKeyCommand refuses %s with %j in one line', async (kind, options, message) => {
  await expect(create(kind, { workspace: 'aroma', ...options })).rejects.toThrow(message);
});

test('revokeKeyCommand names the key that it revoked, and refuses a text that means none or several', async () => {
  const first = (await create('write', { label: 'till', workspace: 'aroma' })).out[0] ?? '';
  const second = (await create('write', { label: 'till', workspace: 'bean' })).out[0] ?? '';
  await expect(revoke('till')).rejects.toThrow(/^till means 2 keys: name one by its id\n {2}key_/);
  await expect(revoke('wk_')).rejects.toThrow(/^no key has the id, beginning or label wk_: /);
  const { out } = await revoke('till', { workspace: 'bean' });
  expect(out).toEqual([
    `revoked the write key ${second.slice(0, 11)}… of bean (till, never used): requests with it are refused with 401 revoked_key within 3 s`,
  ]);
  // Of two keys with the label, one is valid.
  expect((await revoke('till')).out[0]).toContain(first.slice(0, 11));
  expect((await revoke(first)).out[0]).toMatch(/ was revoked at 20..-..-.. ..:..Z already$/);
  expect((await list({ workspace: 'bean' })).err).toEqual(['one revoked key is left out: add --all']);
  expect((await list({ workspace: 'bean', all: true })).out.join('\n')).toContain(second.slice(0, 11));
});

test('revokeKeyCommand asks in a terminal, and revokes nothing without a yes', async () => {
  const key = (await create('write', { label: 'asked', workspace: 'aroma' })).out[0] ?? '';
  const asked: string[] = [];
  const answer = (text: string) => async (question: string) => {
    asked.push(question);
    return text;
  };
  await expect(revoke(key, {}, answer(''))).rejects.toThrow('nothing was revoked');
  expect(asked).toEqual([`Revoke the write key ${key.slice(0, 11)}… of aroma (asked, never used)? [y/N] `]);
  expect((await list()).out.join('\n')).toContain(key.slice(0, 11));
  expect((await revoke(key, { yes: true }, answer('n'))).out[0]).toMatch(/^revoked /);
  const other = (await create('write', { label: 'asked again', workspace: 'aroma' })).out[0] ?? '';
  expect((await revoke(other, {}, answer('Yes '))).out[0]).toMatch(/^revoked /);
  expect(asked).toHaveLength(2);
});

test('selectKeys prefers the id to the beginning, and that to the label', () => {
  const key = (id: string, label: string, revokedAt: number | null = null): ListedKey => ({
    id,
    label,
    revokedAt,
    prefix: `wk_${id}`,
    workspace: 'aroma',
    kind: 'write',
    scopes: [],
    createdAt: 0,
    lastUsedAt: null,
  });
  const keys = [key('one', 'two'), key('two', 'wk_one'), key('three', 'shop', 1), key('four', 'shop')];
  const select = (reference: string) => selectKeys(keys, reference).map(({ id }) => id);
  expect(['two', 'wk_one', 'wk_t', 'shop', 'wk_three', 'x'].map(select)).toEqual([
    ['two'],
    ['one'],
    [],
    ['four'],
    ['three'],
    [],
  ]);
});

test('a look-up records when a key was used, and knows a revoked key from an unknown one', async () => {
  const text = (await create('write', { label: 'used', workspace: 'aroma' })).out[0] ?? '';
  const lookup = createKeyLookup(database.db, 0);
  expect(await lookup(text)).toMatchObject({ label: 'used', kind: 'write' });
  const read = async () =>
    (await listKeys(database.db.sql, 'aroma')).find(({ label }) => label === 'used')?.lastUsedAt ?? null;
  await waitUntil(async () => (await read()) !== null, 'the use to be recorded');
  expect(Math.abs(((await read()) ?? 0) - Date.now())).toBeLessThan(60_000);
  await revoke(text);
  expect(await lookup(text)).toBe('revoked');
  expect(await lookup(`${text.slice(0, -1)}_`)).toBeNull();
});
