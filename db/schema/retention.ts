import { pgTable, text } from 'drizzle-orm/pg-core';
import { count, wall } from './column-types.ts';

/** What was dropped of the partitioned tables, and how far the next drop is prepared (`db/partitions`). */
export const retention = pgTable('retention', {
  /** The table: see `db/partitions/tables.ts`. */
  name: text('name').primaryKey(),
  /** Rows of before were dropped, except those that something still needs; null: none was. */
  keptSince: wall('kept_since'),
  /** The partition whose needed rows are being moved, and where the next page begins; null: at the beginning. */
  partition: text('partition'),
  cursor: text('cursor').array(),
  /** Rows of it that were looked at, and those that were moved. */
  seen: count('seen').notNull().default(0),
  moved: count('moved').notNull().default(0),
  /** When all kept rows were last looked at. */
  checkedAt: wall('checked_at'),
});
