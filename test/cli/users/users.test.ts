import { afterAll, beforeAll, expect, test } from 'vitest';
import { findUser } from '../../../db/access/users.ts';
import { createWorkspace } from '../../../db/config/workspaces.ts';
import { isPassword } from '../../../src/app/users/hash-password.ts';
import { createUserCommand } from '../../../src/cli/users/create.ts';
import { disableUserCommand } from '../../../src/cli/users/disable.ts';
import { listUsersCommand } from '../../../src/cli/users/list.ts';
import { readNewPassword } from '../../../src/cli/users/read-password.ts';
import { changeRoleCommand } from '../../../src/cli/users/roles.ts';
import { setPasswordCommand } from '../../../src/cli/users/set-password.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../support/run-command.ts';

const PASSWORD = 'correct horse battery staple';
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const run = async (command: () => Promise<void>) => (await runCommand(database.url, command)).out;
const type = (password: string) => async () => password;

test('users are created, listed, given roles, disabled, and get new passwords', async () => {
  await createWorkspace(database.db.sql, 'aroma');
  expect(await run(() => listUsersCommand())).toEqual([
    'there is no user yet: run throughline users create <login> --role operator',
  ]);
  const options = { name: 'Kim Tan', role: 'operator' };
  expect(await run(() => createUserCommand('Kim', options, type(PASSWORD)))).toEqual([
    'created kim, operator of aroma',
  ]);
  await createWorkspace(database.db.sql, 'bean');
  expect(await run(() => changeRoleCommand('kim', { role: 'viewer', workspace: 'bean' }))).toEqual([
    'kim is viewer of bean, from the next request on',
  ]);
  expect((await run(() => listUsersCommand()))[1]).toMatch(
    /^kim +Kim Tan +aroma=operator bean=viewer +20\S+ \S+ +-$/,
  );
  expect(await run(() => changeRoleCommand('kim', { remove: true, workspace: 'bean' }))).toEqual([
    'kim has no role in bean any more, from the next request on',
  ]);
  expect(await run(() => disableUserCommand('kim'))).toEqual(['kim is disabled, and logged out everywhere']);
  const [kim] = JSON.parse((await run(() => listUsersCommand({ json: true }))).join('\n'));
  expect(kim).toMatchObject({ login: 'kim', roles: { aroma: 'operator' }, disabledAt: expect.any(String) });
  expect(JSON.stringify(kim)).not.toContain('scrypt');
  expect(await run(() => disableUserCommand('kim', { enable: true }))).toEqual(['kim may log in again']);
  await run(() => setPasswordCommand('kim', type('another long password')));
  const stored = (await findUser(database.db.sql, 'kim'))?.passwordHash ?? null;
  expect([await isPassword('another long password', stored), await isPassword(PASSWORD, stored)]).toEqual([
    true,
    false,
  ]);
});

test.each([
  [
    'a login that is taken',
    () => createUserCommand('KIM', { role: 'viewer', workspace: 'aroma' }, type(PASSWORD)),
    /^there is a user kim already$/,
  ],
  [
    'a short password',
    () => createUserCommand('ada', { role: 'viewer', workspace: 'aroma' }, type('short')),
    /^password: must have 12 to 1024 characters$/,
  ],
  [
    'no role',
    () => createUserCommand('ada', { role: 'operater' }, type(PASSWORD)),
    /^there is no role operater: use viewer, .*did you mean 'operator'\?$/,
  ],
  [
    'no login',
    () => createUserCommand('a b', { role: 'viewer', workspace: 'aroma' }, type(PASSWORD)),
    /^login: must be 1 to 100 letters/,
  ],
  [
    'several workspaces',
    () => createUserCommand('ada', { role: 'viewer' }, type(PASSWORD)),
    /^there are several workspaces/,
  ],
  ['nobody', () => disableUserCommand('nobody'), /^there is no user nobody: see throughline users list$/],
  [
    'both',
    () => changeRoleCommand('kim', { role: 'viewer', remove: true, workspace: 'aroma' }),
    /^say either/,
  ],
] as const)('refuses %s in one line', async (_name, command, message) => {
  await expect(run(command)).rejects.toThrow(message);
});

test('a password is asked for twice in a terminal', async () => {
  const answers = [PASSWORD, PASSWORD, PASSWORD, 'another'];
  const ask = async () => answers.shift() ?? '';
  expect(await readNewPassword(ask)).toBe(PASSWORD);
  await expect(readNewPassword(ask)).rejects.toThrow('the two passwords differ');
});
