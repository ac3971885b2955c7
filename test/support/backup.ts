import type { Sql } from '../../db/client.ts';

/** A copy of every table, from which a test restores its database to an earlier state. */
export interface Backup {
  restore(): Promise<void>;
}

/** Copies all tables into a schema of their own. Roles that write meanwhile would make the copy inconsistent. */
export async function backUp(sql: Sql): Promise<Backup> {
  const tables = (
    await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`
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
