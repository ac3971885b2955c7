import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';

/** A database of one test file's own. */
export interface TestDatabase {
  url: string;
  db: Database;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/**
 * Clones the template that the global set-up migrated, which takes about 50 ms.
 *
 * @param options `empty`: a database without a schema instead; `tablespace`: where its files are
 */
export async function createTestDatabase(
  options: { max?: number; empty?: boolean; tablespace?: string } = {},
): Promise<TestDatabase> {
  const adminUrl = inject('databaseUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, (sql) =>
    sql.unsafe(
      `create database ${name} template ${options.empty ? 'template0' : inject('templateDatabase')}
       tablespace ${options.tablespace ?? 'pg_default'}`,
    ),
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, { max: options.max ?? 5, name: 'test' });
  return {
    url: url.href,
    db,
    async drop() {
      await db.close();
      await asAdmin(adminUrl, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
