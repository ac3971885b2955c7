import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Postgres fails each insert into a table with an error of this code, as it does when it can't write. */
async function failInserts(table: string, code: string): Promise<() => Promise<unknown>> {
  const { sql } = api.db;
  await sql`
    create or replace function fail_insert() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file "base/1/1"' using errcode = tg_argv[0]; end $$`;
  await sql.unsafe(
    `create trigger fail before insert on ${table} for each row execute function fail_insert('${code}')`,
  );
  return () => sql.unsafe(`drop trigger fail on ${table}`);
}

const send = (messageId: string) =>
  request(api.app)
    .post('/v1/track')
    .auth(api.keys.write, '')
    .send({ messageId, userId: 'u', event: 'Product Viewed' });

describe('an API whose Postgres can not write', () => {
  it.each([
    ['a full disk', '53100', 'storage_full', '10'],
    ['a failing disk', '58030', 'unavailable', '1'],
    ['a server that is read-only', '25006', 'unavailable', '1'],
  ])(
    'answers 503 for %s, stores nothing, and accepts the repetition later',
    async (_, code, problem, retry) => {
      const heal = await failInserts('events', code);
      const refused = await send(`m-${code}`);
      expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
        503,
        problem,
        retry,
      ]);
      const count = async () =>
        (await api.db.sql`select count(*)::int as n from message_ids where message_id = ${`m-${code}`}`)[0]
          ?.n;
      expect(await count()).toBe(0);
      await heal();
      expect((await send(`m-${code}`)).status).toBe(200);
      expect(await count()).toBe(1);
    },
  );

  it('answers 503 storage_full for a command, too', async () => {
    const heal = await failInserts('events', '53100');
    const answer = await api.post('/v1/customers/user:u/pause', { reason: 'holiday', actor: 'ann' });
    expect([answer.status, answer.body.code]).toEqual([503, 'storage_full']);
    await heal();
  });
});
