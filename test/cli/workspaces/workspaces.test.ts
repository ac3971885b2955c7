import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkspaceCommand } from '../../../src/cli/workspaces/create.ts';
import { listWorkspacesCommand } from '../../../src/cli/workspaces/list.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { AROMA } from '../../support/paths.ts';
import { runCommand } from '../support/run-command.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = (...args: Parameters<typeof createWorkspaceCommand>) =>
  runCommand(database.url, () => createWorkspaceCommand(...args));
const list = (options?: Parameters<typeof listWorkspacesCommand>[0]) =>
  runCommand(database.url, () => listWorkspacesCommand(options));

test('createWorkspaceCommand creates a workspace, activates its first bundle, and refuses the second time', async () => {
  expect((await list()).out).toEqual(['there is no workspace yet']);
  expect((await create('aroma')).out).toEqual(['created workspace aroma, without a bundle']);
  await expect(create('aroma')).rejects.toThrow(
    'workspace aroma exists already, without a bundle: change its bundle with throughline apply, or add --if-missing to accept that',
  );
  const { out } = await create('aroma', { bundle: AROMA });
  expect(out).toEqual(['created workspace aroma, with version 1 of its bundle']);
  await expect(create('aroma', { bundle: AROMA })).rejects.toThrow(
    /exists already, with version 1 of its bundle/,
  );
  expect((await create('aroma', { bundle: AROMA, ifMissing: true })).out).toEqual([
    'workspace aroma exists already, with version 1 of its bundle: nothing was changed',
  ]);
  expect((await list()).out).toEqual([
    expect.stringMatching(/^WORKSPACE +BUNDLE +ACTIVATED +KEYS +CREATED$/),
    expect.stringMatching(/^aroma +1 +20..-..-.. ..:..Z +0 +20..-..-.. ..:..Z$/),
  ]);
}, 60_000);

test('createWorkspaceCommand refuses a bad id, and a bundle of another workspace, and creates nothing', async () => {
  await expect(create('Aroma!')).rejects.toThrow(
    /^Aroma! is no id of a workspace: id: must be an id: 1 to 64 of a-z, 0-9 and -$/,
  );
  await expect(create('bean', { bundle: '/no/such/folder' })).rejects.toThrow(
    '/no/such/folder does not exist',
  );
  await expect(create('bean', { bundle: AROMA })).rejects.toThrow(/was refused; nothing was created$/);
  const ids = JSON.parse((await list({ json: true })).out.join('')).map(({ id }: { id: string }) => id);
  expect(ids).toEqual(['aroma']);
}, 60_000);
