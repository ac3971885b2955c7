import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createWorkspaceCommand } from '../../../src/cli/workspaces/create.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { AROMA } from '../../support/paths.ts';
import { spawnChild } from '../../support/spawn-child.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { runCommand } from '../support/run-command.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('roles say that their namespace is missing, and work as soon as there is one', async () => {
  await runCommand(database.url, () => createWorkspaceCommand('aroma', { bundle: AROMA }));
  const namespace = `missing-${randomBytes(4).toString('hex')}`;
  const port = await getPort();
  const roles = spawnChild(
    'src/cli/main.ts',
    {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: namespace,
      THROUGHLINE_SECRET: 'a secret for the tests only',
      PORT: String(port),
      HEALTH_PORT: '',
      LOG_LEVEL: 'info',
    },
    ['serve', 'api', 'relay', 'worker'],
  );
  const readiness = async () =>
    (await fetch(`http://127.0.0.1:${port}/readyz`)
      .then((answer) => answer.json())
      .catch(() => ({}))) as { ready?: boolean; reasons?: { code: string }[] };
  const linesWith = (text: string) => roles.lines.filter((line) => line.includes(text));
  try {
    const remedy = `"remedy":"there is no namespace ${namespace} in Temporal: `;
    await waitUntil(async () => linesWith(remedy).length > 0, 'the missing namespace to be named', 40_000);
    expect((await readiness()).reasons?.map(({ code }) => code)).toContain('temporal_away');
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await connection.close();
    await waitUntil(async () => linesWith('"serving"').length > 0, 'the roles to serve', 60_000);
    await waitUntil(async () => (await readiness()).ready === true, 'the API to be ready', 30_000);
  } finally {
    await roles.terminate();
  }
}, 150_000);
