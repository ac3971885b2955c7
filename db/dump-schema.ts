import type { Sql } from './client.ts';

/**
 * The tables of a database as SQL, in a stable order: what `schema.sql` holds. Partitions are left out: they have the
 * columns and indexes of their table, and those of months are created while time passes.
 */
export async function dumpSchema(sql: Sql): Promise<string> {
  const tables = await sql<
    { name: string; options: string[] | null; partitions: string | null; columns: string[] }[]
  >`
    select c.relname as name, c.reloptions as options, pg_get_partkeydef(c.oid) as partitions,
      (select array_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
           case when a.attcollation = '"C"'::regcollation then 'COLLATE "C"' end,
           case a.attidentity when 'a' then 'GENERATED ALWAYS AS IDENTITY' end,
           'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), case when a.attnotnull then 'NOT NULL' end)
         order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by c.relname`;
  const constraints = await sql<{ table: string; definition: string }[]>`
    select conrelid::regclass::text as table, format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
      as definition
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    order by conrelid::regclass::text, contype desc, conname`;
  const indexes = await sql<{ table: string; definition: string }[]>`
    select i.indrelid::regclass::text as table, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    order by c.relname`;
  const of = (rows: readonly { table: string; definition: string }[], name: string) =>
    rows.filter(({ table }) => table === name).map(({ definition }) => definition);
  return tables
    .map(({ name, options, partitions, columns }) => {
      const lines = [...columns, ...of(constraints, name)].map((line) => `  ${line}`).join(',\n');
      const storage = options === null ? '' : ` WITH (${options.join(', ')})`;
      const parts = partitions === null ? '' : ` PARTITION BY ${partitions}`;
      return [
        `CREATE TABLE ${name} (\n${lines}\n)${parts}${storage};`,
        ...of(indexes, name).map((line) => `${line};`),
      ];
    })
    .map((statements) => `${statements.join('\n')}\n`)
    .join('\n');
}
