import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const LOCK = 7_402_118;

/**
 * Migrates the database to the schema of this build. Several processes may call it at once: one works, the others wait.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await apply(drizzle(sql), { migrationsFolder: new URL('./migrations', import.meta.url).pathname });
    await sql`select pg_advisory_unlock(${LOCK})`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
