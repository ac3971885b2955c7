import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serializeError } from '../../src/service/serialize-error.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the log of an error of Postgres names the constraint and quotes no row', async () => {
  const insert = () => database.db.sql`insert into shared_subjects (id) values (${'canary-1'})`;
  await insert();
  const error = (await insert().catch((thrown: unknown) => thrown)) as Error;
  expect(JSON.stringify({ ...error })).toContain('canary-1');
  for (const logged of [error, new Error('a loop failed', { cause: error })]) {
    const text = JSON.stringify(serializeError(logged));
    expect(text).toContain('shared_subjects_pkey');
    expect(text).not.toContain('canary-1');
  }
});

test('the log of a full disk says what to do, whatever the error was wrapped in', async () => {
  const full = (await database.db
    .sql`do $$ begin raise exception 'no space' using errcode = '53100'; end $$`.catch(
    (thrown: unknown) => thrown,
  )) as Error;
  for (const error of [full, new Error('a loop failed', { cause: full })])
    expect(serializeError(error)).toMatchObject({
      remedy: expect.stringMatching(/^the disk of Postgres is full: /),
    });
  expect(serializeError(new Error('x'))).not.toHaveProperty('remedy');
});

test('the log of a missing namespace says which one, and how to create it', () => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'there:7233');
  vi.stubEnv('TEMPORAL_NAMESPACE', 'shop');
  const missing = new Error('5 NOT_FOUND: Namespace shop is not found.');
  for (const error of [missing, new Error('a loop failed', { cause: missing })])
    expect(serializeError(error)).toMatchObject({
      remedy: expect.stringMatching(
        /^Temporal at there:7233 has no namespace shop: create it with temporal operator namespace create --address there:7233 -n shop/,
      ),
    });
  expect(serializeError(new Error('workflow not found'))).not.toHaveProperty('remedy');
  vi.unstubAllEnvs();
});
