import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator';
import { Session } from './connection/session.ts';
import { ADMINISTRATION, readSettings } from './connection/settings.ts';

const LOCK = 7_402_118;

/**
 * Migrates the database to the schema of this build. Several processes may call it at once: one works, the others wait.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  // Another process may migrate for as long as it likes.
  const limits = { ...ADMINISTRATION, lockMs: 0 };
  const session = await Session.open(readSettings(databaseUrl, 'throughline-migrate', limits));
  try {
    await session.run(`select pg_advisory_lock(${LOCK})`);
    const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
    await session.orLost(() => apply(drizzle(session.driver), { migrationsFolder }));
    await session.run(`select pg_advisory_unlock(${LOCK})`);
  } finally {
    session.close();
  }
}
