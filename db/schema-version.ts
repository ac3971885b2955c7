import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Tx } from './client.ts';

/** The folder of the migrations of this build. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** A migration of this build. */
export interface Migration {
  /** `0000_schema`. */
  name: string;
  hash: string;
  /** When it was generated. Migrations run in this order. */
  at: number;
}

/** A migration that the database has had. */
export type AppliedMigration = Pick<Migration, 'hash' | 'at'>;

/** How the schema of a database stands to this build. */
export type SchemaVersion =
  /** The database has exactly the migrations of this build. */
  | { kind: 'current'; name: string }
  /** The database lacks migrations. `from` is the newest that it has; null if it is empty. */
  | { kind: 'behind'; from: string | null; to: string; missing: string[] }
  /** The database has all migrations of this build, and further ones. */
  | { kind: 'ahead'; name: string; further: number }
  /** The database has migrations that this build does not have, in place of its own. */
  | { kind: 'foreign' }
  /** This user may not read which migrations the database has. */
  | { kind: 'unreadable' };

const INSUFFICIENT_PRIVILEGE = '42501';

/** The migrations of this build, in their order. */
export function readBuildMigrations(): Migration[] {
  const journal = JSON.parse(readFileSync(`${MIGRATIONS_FOLDER}/meta/_journal.json`, 'utf8')) as {
    entries: { tag: string }[];
  };
  return readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map(({ hash, folderMillis }, index) => ({
    name: journal.entries[index]?.tag ?? String(index),
    hash,
    at: folderMillis,
  }));
}

/** Compares the migrations of a build, which has at least one, with those of a database. */
export function compareMigrations(build: Migration[], applied: AppliedMigration[]): SchemaVersion {
  const newest = build.at(-1) as Migration;
  const known = build.filter(({ hash }) => applied.some((migration) => migration.hash === hash));
  const missing = build.slice(known.length);
  // The migrator goes by time alone, so what is missing must follow on what is there.
  const isPrefix = known.every((migration, index) => migration === build[index]);
  const further = applied.filter(({ hash }) => !build.some((migration) => migration.hash === hash));
  if (!isPrefix) return { kind: 'foreign' };
  if (further.length > 0) {
    const followsOn = missing.length === 0 && further.every(({ at }) => at > newest.at);
    return followsOn ? { kind: 'ahead', name: newest.name, further: further.length } : { kind: 'foreign' };
  }
  if (missing.length === 0) return { kind: 'current', name: newest.name };
  const from = known.at(-1)?.name ?? null;
  return { kind: 'behind', from, to: newest.name, missing: missing.map(({ name }) => name) };
}

/** Reads how the schema of the database stands to this build. */
export async function readSchemaVersion(tx: Tx): Promise<SchemaVersion> {
  const [table] = await tx<{ exists: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as exists`;
  if (!table?.exists) return compareMigrations(readBuildMigrations(), []);
  try {
    const applied = await tx<AppliedMigration[]>`
      select hash, created_at as at from drizzle.__drizzle_migrations order by created_at, id`;
    return compareMigrations(readBuildMigrations(), applied);
  } catch (error) {
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) return { kind: 'unreadable' };
    throw error;
  }
}

/** One line: what is wrong with the schema and what to do about it. Null if this build can use the database. */
export function describeMismatch(version: SchemaVersion): string | null {
  switch (version.kind) {
    case 'current':
    case 'unreadable':
      return null;
    case 'behind':
      return `the database ${version.from === null ? 'is empty' : `is at migration ${version.from}`}, and this build needs ${version.to}: run throughline migrate`;
    case 'ahead':
      return `the database is ${version.further === 1 ? 'one migration' : `${version.further} migrations`} ahead of ${version.name}, the newest of this build: a newer build has migrated it. Upgrade this build, or restore a backup from before`;
    case 'foreign':
      return 'the database has migrations that this build does not know: another build has made it. Run that build, or create an empty database and run throughline migrate';
  }
}
