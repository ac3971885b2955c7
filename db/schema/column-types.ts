import { sql } from 'drizzle-orm';
import { bigint, check, customType, type PgColumn, smallint } from 'drizzle-orm/pg-core';

/**
 * There are two clocks. Wall-clock columns are `timestamptz` and are written and compared by Postgres; queries read
 * them as milliseconds. Journey time is milliseconds in `bigint`: the engine computes it, and a test or a replay can
 * run it at any speed, so it is never compared with the clock of the database.
 */
export const wall = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp with time zone',
});

/** Text that a search finds by its beginning, so that an index helps in databases of any locale. */
export const byteOrderText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text collate "C"',
});

/** Bytes: read as a `Buffer`, written as `\\x` and hex digits. */
export const bytes = customType<{ data: Buffer; driverData: string }>({ dataType: () => 'bytea' });

export const journeyTime = (name: string) => bigint(name, { mode: 'number' });

/** A position in the log of a customer. */
export const sequence = (name: string) => bigint(name, { mode: 'number' });

/** A number of things, or an amount in minor units of the workspace's currency. */
export const count = (name: string) => bigint(name, { mode: 'number' });

export const createdAt = () => wall('created_at').notNull().default(sql`clock_timestamp()`);

/** In which partition a row is: 0, that of its month; 1, that of rows which outlive their month (`db/partitions`). */
export const kept = () => smallint('kept').notNull().default(0);

/** A check constraint that allows the values of the column's type: `text('state', { enum: STATES })`. */
export function oneOf(name: string, column: PgColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`);
}
