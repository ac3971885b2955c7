import { readFileSync } from 'node:fs';
import { PARTITIONED } from './tables.ts';

/** Adds what drizzle-kit has no word for to the migration that it has written: the partitioning and `schema/storage.sql`. */
export function completeMigration(generated: string): string {
  const tables = PARTITIONED.reduce(partition, generated);
  const storage = readFileSync(new URL('../schema/storage.sql', import.meta.url), 'utf8');
  return `${tables.trimEnd()}--> statement-breakpoint\n${storage}`;
}

/** Adds `PARTITION BY` to the statement that creates the table. */
function partition(sql: string, { table, time }: (typeof PARTITIONED)[number]): string {
  const start = sql.indexOf(`CREATE TABLE "${table}" (`);
  const end = sql.indexOf('\n);', start);
  if (start < 0 || end < 0) throw new Error(`drizzle-kit creates no table ${table}`);
  return `${sql.slice(0, end)}\n) PARTITION BY RANGE ("kept", "${time}");${sql.slice(end + 3)}`;
}
