import { migrate, type OtherMigration, SchemaMismatch } from '../../db/migrate.ts';
import { describeMismatch, readSchemaVersion } from '../../db/schema-version.ts';
import { iso } from '../domain/time/time.ts';
import { UserError } from '../user-error.ts';
import { explainDatabaseError, readDatabaseUrl, withDatabaseOfAnySchema } from './database.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

/** Migrates the database to the schema of this build, and prints what it did. With `check` it changes nothing. */
export async function migrateCommand(options: { check?: boolean } = {}): Promise<void> {
  if (options.check) return checkSchema();
  const began = Date.now();
  try {
    const { from, to, applied } = await migrate(readDatabaseUrl(), (other) =>
      console.error(describeWaiting(other)),
    );
    const seconds = ((Date.now() - began) / 1_000).toFixed(1);
    if (applied.length === 0) console.log(`the database is at ${to} already: nothing to migrate`);
    else
      console.log(
        `migrated the database from ${from ?? 'empty'} to ${to} (${applied.length === 1 ? 'one migration' : `${applied.length} migrations`}) in ${seconds} s`,
      );
  } catch (error) {
    if (error instanceof SchemaMismatch) throw new UserError(error.message);
    if (codeOf(error) === INSUFFICIENT_PRIVILEGE)
      throw new UserError(
        `the user of DATABASE_URL may not change the schema (${(error as Error).message}): use the owner of the database`,
      );
    throw explainDatabaseError(error);
  }
}

async function checkSchema(): Promise<void> {
  const version = await withDatabaseOfAnySchema('migrate', ({ sql }) => readSchemaVersion(sql));
  const mismatch = describeMismatch(version);
  if (mismatch !== null) throw new UserError(mismatch);
  if (version.kind === 'unreadable')
    throw new UserError(
      'the user of DATABASE_URL may not read which migrations the database has: grant usage on schema drizzle, and select on drizzle.__drizzle_migrations',
    );
  if (version.kind === 'current') console.log(`the database is at ${version.name}, as this build needs it`);
}

/** `waiting for another process that migrates: throughline-migrate process 812 on ci-3 …`. */
export function describeWaiting(other: OtherMigration | null): string {
  if (other === null) return 'waiting for another process that migrates this database …';
  const { session, name, address, since } = other;
  const details = [
    `session ${session} of Postgres`,
    ...(address === null ? [] : [`from ${address}`]),
    ...(since === null ? [] : [`connected at ${iso(since)}`]),
  ];
  return `waiting for another process that migrates this database: ${name || 'unknown'} (${details.join(', ')}) …`;
}

function codeOf(error: unknown): unknown {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return code ?? cause?.code;
}
