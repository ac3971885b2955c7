import { readFileSync, writeFileSync } from 'node:fs';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpSchema } from '../../db/dump-schema.ts';
import { completeMigration } from '../../db/partitions/complete-migration.ts';
import { PARTITIONED } from '../../db/partitions/tables.ts';
import * as schema from '../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const db = (file: string) => new URL(`../../db/${file}`, import.meta.url);
const read = (file: string) => readFileSync(db(file), 'utf8');
const byColumn = (a: { column: string }, b: { column: string }) => (a.column < b.column ? -1 : 1);
const TABLES = Object.values(schema).filter((value) => is(value, PgTable));

test('schema.sql is the dump of a freshly migrated database', async () => {
  const dump = await dumpSchema(database.db.sql);
  // UPDATE_SCHEMA=1 writes the file after a migration was added.
  if (process.env.UPDATE_SCHEMA) writeFileSync(db('schema.sql'), dump);
  expect(dump).toBe(read('schema.sql'));
});

test('the migration is what `npm run migration` makes of the schema', async () => {
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
  const normal = (sql: string) =>
    sql
      .split('--> statement-breakpoint')
      .map((s) => s.trim())
      .sort();
  expect(normal(completeMigration(statements.join('--> statement-breakpoint')))).toEqual(
    normal(read('migrations/0000_schema.sql')),
  );
});

test('partitions have the columns, checks and indexes of their table', async () => {
  const { sql } = database.db;
  for (const { table } of PARTITIONED) {
    const partitions = await sql<{ name: string; shape: unknown }[]>`
      select c.oid::regclass::text as name, json_build_object(
        'columns', (select json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull,
            pg_get_expr(d.adbin, d.adrelid)) order by attname)
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where attrelid = c.oid and attnum > 0 and not attisdropped),
        'constraints', (select json_agg(pg_get_constraintdef(oid) order by pg_get_constraintdef(oid))
          from pg_constraint where conrelid = c.oid and contype <> 'n'),
        'indexes', (select json_agg(i order by i) from (select regexp_replace(pg_get_indexdef(indexrelid),
            'INDEX .* USING', 'INDEX USING') as i from pg_index where indrelid = c.oid) x)) as shape
      from pg_class c where c.oid = ${table}::text::regclass or c.oid in (
        select inhrelid from pg_inherits where inhparent = ${table}::text::regclass) order by c.relkind`;
    const [whole, ...parts] = partitions;
    expect(parts.map(({ name }) => name)).toContain(`${table}_default`);
    // The months are 2026_11 and the like: this one and the next two.
    expect(parts.filter(({ name }) => /_[0-9]{4}_[0-9]{2}$/.test(name))).toHaveLength(3);
    for (const part of parts)
      expect({ of: part.name, ...(part.shape as object) }).toEqual({
        of: part.name,
        ...(whole?.shape as object),
      });
  }
});

test('the migrations are complete: drizzle-kit has nothing to add to reach schema.ts', async () => {
  const journal: { entries: { tag: string }[] } = JSON.parse(read('migrations/meta/_journal.json'));
  const number = String(journal.entries.length - 1).padStart(4, '0');
  const migrated = JSON.parse(read(`migrations/meta/${number}_snapshot.json`));
  const wanted = generateDrizzleJson(schema, migrated.id);
  expect(await generateMigration(migrated, wanted)).toEqual([]);
});

test('a changed schema.ts is detected', async () => {
  const migrated = JSON.parse(read('migrations/meta/0000_snapshot.json'));
  const { wakes: _, ...others } = schema;
  const statements = await generateMigration(migrated, generateDrizzleJson(others, migrated.id));
  expect(statements).toEqual([expect.stringContaining('DROP TABLE "wakes"')]);
});

describe('columns of the migrated database are those of schema.ts', () => {
  test.each(TABLES.map((table) => [getTableConfig(table).name, table] as const))(
    '%s',
    async (name, table) => {
      const rows = await database.db.sql<{ column: string; type: string; nullable: boolean }[]>`
      select attname as column, not attnotnull as nullable, format_type(atttypid, atttypmod)
          || case when attcollation = '"C"'::regcollation then ' collate "C"' else '' end as type
      from pg_attribute where attrelid = ${name}::text::regclass and attnum > 0 and not attisdropped`;
      const expected = getTableConfig(table).columns.map((column) => ({
        column: column.name,
        type: column.getSQLType(),
        nullable: !(column.notNull || column.primary),
      }));

      expect([...rows].sort(byColumn)).toEqual(expected.sort(byColumn));
    },
  );
});

test('every column that holds a state, kind, class, status or arm has a check constraint', async () => {
  const checks = await database.db.sql<{ table: string; columns: string[] }[]>`
    select k.conrelid::regclass::text as table, array_agg(a.attname) as columns
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
    where k.contype = 'c' and k.connamespace = 'public'::regnamespace group by 1`;
  const guarded = new Set(
    checks.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
  );
  // The answer's HTTP status, a number; and the arm of a reward, an action and a channel.
  const free = ['idempotency.status', 'rewards.arm', 'journeys.state'];
  const states = TABLES.map((table) => getTableConfig(table)).flatMap(({ name, columns }) =>
    columns
      .filter((column) => ['state', 'kind', 'class', 'status', 'arm'].includes(column.name))
      .map((column) => `${name}.${column.name}`),
  );
  expect(states.filter((state) => !guarded.has(state)).sort()).toEqual(free.sort());
});

test('a state outside the list is refused', async () => {
  const insert = database.db.sql`
    insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at)
    values ('enr_x', 'cus_x', 'aroma', 'welcome', 1, 'neither', 0)`;
  await expect(insert).rejects.toThrow('enrollments_arm');
});
