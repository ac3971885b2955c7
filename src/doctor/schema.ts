import type { SchemaVersion } from '../../db/schema-version.ts';
import { count, type Finding, fail, ok, warn } from './finding.ts';

/** Judges whether this build can use the schema of the database. */
export function judgeSchema(version: SchemaVersion): Finding {
  const check = 'schema';
  switch (version.kind) {
    case 'current':
      return ok(check, `the schema is at ${version.name}, as this build needs it`);
    case 'behind':
      return fail(
        check,
        `the database lacks ${count(version.missing.length, 'migration')} of this build, up to ${version.to}`,
        'run throughline migrate',
      );
    case 'ahead':
      return fail(
        check,
        `the database is ${count(version.further, 'migration')} ahead of ${version.name}, the newest of this build`,
        'upgrade this build, or restore a backup from before',
      );
    case 'foreign':
      return fail(
        check,
        'the database has migrations that this build does not know',
        'use the build that has made it, or an empty database',
      );
    case 'unreadable':
      return warn(
        check,
        'this user may not read which migrations the database has',
        'grant usage on schema drizzle, and select on drizzle.__drizzle_migrations',
      );
  }
}
