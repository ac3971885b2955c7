import { hostname } from 'node:os';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator';
import { connectAdministration, type Tx } from './client.ts';
import { Session } from './connection/session.ts';
import { ADMINISTRATION, readSettings } from './connection/settings.ts';
import { createPartitions } from './partitions/create-partitions.ts';
import {
  describeMismatch,
  MIGRATIONS_FOLDER,
  readBuildMigrations,
  readSchemaVersion,
} from './schema-version.ts';

const LOCK = 7_402_118;
const TRY_AGAIN_MS = 500;
/** Postgres cuts longer names off. */
const LONGEST_NAME = 63;

/** What a call of {@link migrate} did. */
export interface MigrationResult {
  /** The newest migration that the database had; null if it was empty. */
  from: string | null;
  to: string;
  /** The migrations that this call has run. */
  applied: string[];
}

/** Another process that migrates the same database. */
export interface OtherMigration {
  /** Its session in Postgres. */
  session: number;
  /** The name of the session: it holds the process and the machine. */
  name: string;
  /** Where the session comes from; null for the machine of Postgres, or if this user may not see it. */
  address: string | null;
  /** When it connected; null if this user may not see it. */
  since: number | null;
}

/** The database was migrated by another build, which this one does not know. */
export class SchemaMismatch extends Error {}

/**
 * Migrates the database to the schema of this build, with partitions for the coming months. Several processes may call it at once: one works, the others wait.
 *
 * @param onWaiting called when another process migrates, and again whenever a third one takes its place; null: nobody
 *   can be seen
 * @throws SchemaMismatch if another build has migrated the database further or differently
 */
export async function migrate(
  databaseUrl: string,
  onWaiting: (other: OtherMigration | null) => void = () => {},
): Promise<MigrationResult> {
  // Another process may migrate for as long as it likes.
  const limits = { ...ADMINISTRATION, lockMs: 0 };
  const name = `throughline-migrate process ${process.pid} on ${hostname()}`.slice(0, LONGEST_NAME);
  const session = await Session.open(readSettings(databaseUrl, name, limits));
  try {
    return await session.orLost(async () => {
      const tx = session.driver as unknown as Tx;
      await takeLock(tx, onWaiting);
      const result = await applyMissing(session, tx);
      await createMonths(databaseUrl);
      await tx`select pg_advisory_unlock(${LOCK})`;
      return result;
    });
  } finally {
    session.close();
  }
}

/** Tries again and again: who holds the lock can change, and a waiting session would say nothing. */
async function takeLock(tx: Tx, onWaiting: (other: OtherMigration | null) => void): Promise<void> {
  let seen: number | null | undefined;
  for (;;) {
    const [lock] = await tx<{ taken: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as taken`;
    if (lock?.taken) return;
    const other = await findOtherMigration(tx);
    if (seen === undefined || (other && other.session !== seen)) onWaiting(other);
    seen = other?.session ?? seen ?? null;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** The process that holds the lock. */
async function findOtherMigration(tx: Tx): Promise<OtherMigration | null> {
  const [row] = await tx<OtherMigration[]>`
    select l.pid as session, coalesce(a.application_name, '') as name, host(a.client_addr) as address,
           (extract(epoch from a.backend_start) * 1000)::bigint as since
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = ${LOCK} and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())`;
  return row ? { ...row } : null;
}

async function applyMissing(session: Session, tx: Tx): Promise<MigrationResult> {
  const version = await readSchemaVersion(tx);
  if (version.kind === 'ahead' || version.kind === 'foreign')
    throw new SchemaMismatch(describeMismatch(version) ?? '');
  const missing = version.kind === 'behind' ? version.missing : [];
  await apply(drizzle(session.driver), { migrationsFolder: MIGRATIONS_FOLDER });
  const to = readBuildMigrations().at(-1)?.name ?? '';
  return { from: version.kind === 'behind' ? version.from : to, to, applied: missing };
}

async function createMonths(databaseUrl: string): Promise<void> {
  const { sql, close } = connectAdministration(databaseUrl, { name: 'throughline-migrate' });
  await createPartitions(sql).finally(close);
}
