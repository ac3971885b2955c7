import { expect, inject, test } from 'vitest';
import { connectAdministration, openDatabase } from '../../db/client.ts';

/** Longer than the silence after which an ordinary connection counts as dead, and than its statements may take. */
const LONG_S = 10.5;

test('an administrative statement may be silent for longer than ordinary ones', async () => {
  const administration = connectAdministration(inject('databaseUrl'));
  const ordinary = openDatabase(inject('databaseUrl'), { max: 1 });
  try {
    const own = ordinary.administration`select pg_sleep(${LONG_S})`;
    const long = administration.sql`select pg_sleep(${LONG_S}), current_setting('statement_timeout') as limit`;
    const short = ordinary.sql`select pg_sleep(${LONG_S})`;
    const [done, refused, ownDone] = await Promise.allSettled([long, short, own]);
    expect(ownDone.status).toBe('fulfilled');
    expect(done).toMatchObject({ status: 'fulfilled', value: [{ limit: '0' }] });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '57014' } });
  } finally {
    await administration.close();
    await ordinary.close();
  }
}, 30_000);
