import type { Sql } from '../../db/client.ts';

/** A copy of every table, from which a test restores its database to an earlier state. */
export interface Backup {
  restore(): Promise<void>;
}

/** Copies all tables into a schema of their own. Roles that write meanwhile would make the copy inconsistent. */
export async function backUp(sql: Sql): Promise<Backup> {
  const tables = (
    await sql<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`
  ).map(({ name }) => name);
  await sql`create schema if not exists backup`;
  for (const table of tables) {
    await sql`drop table if exists backup.${sql(table)}`;
    await sql`create table backup.${sql(table)} as table public.${sql(table)}`;
  }
  return {
    async restore() {
      await sql.begin(async (tx) => {
        for (const table of tables) {
          await tx`delete from public.${tx(table)}`;
          await tx`insert into public.${tx(table)} overriding system value select * from backup.${tx(table)}`;
        }
      });
    },
  };
}
