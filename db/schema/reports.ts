import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, numeric, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { wall } from './column-types.ts';
import type { CountedFacts, CountSettings, StoredCells } from './json.ts';

/** How far the counting of reports has come, by workspace (`docs/reports.md`). Its lock makes one process count at a time. */
export const reportCounts = pgTable('report_counts', {
  workspace: text('workspace').primaryKey(),
  /** Cells of this generation are written, and those of the published one are read; 0: none was published yet. */
  generation: integer('generation').notNull(),
  published: integer('published').notNull().default(0),
  /** The last customer that the count of all customers has counted; null: all were. */
  cursor: text('cursor'),
  settings: jsonb('settings').$type<CountSettings>().notNull(),
  /** Settings that the published generation was counted with. */
  publishedSettings: jsonb('published_settings').$type<CountSettings>(),
  /** The last day (UTC, since 1970) of the windows of which the cells are. */
  day: integer('day').notNull(),
  /** All that was committed before is counted; null: never. */
  countedAt: wall('counted_at'),
});

/** What was counted of each customer, so that it can be taken back and counted again. */
export const reportCustomers = pgTable(
  'report_customers',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    generation: integer('generation').notNull(),
    /** The day on which a window begins to hold something else of the customer; null: none will. */
    dueDay: integer('due_day'),
    /** What was read of partitions that may be dropped. */
    facts: jsonb('facts').$type<CountedFacts>().notNull(),
    counted: jsonb('counted').$type<StoredCells>().notNull(),
  },
  (t) => [index('report_customers_due').on(t.workspace, t.dueDay).where(sql`${t.dueDay} is not null`)],
);

/** The counts: sums by report, period and key. */
export const reportCells = pgTable(
  'report_cells',
  {
    workspace: text('workspace').notNull(),
    generation: integer('generation').notNull(),
    report: text('report').notNull(),
    /** A day, a month or a window of days; empty: of all time. */
    period: text('period').notNull(),
    key: text('key').notNull(),
    sums: numeric('sums').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.generation, t.report, t.period, t.key] })],
);

/** Customers to count again. Triggers add them in the transaction of the change (`storage.sql`). */
export const reportChanges = pgTable(
  'report_changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    workspace: text('workspace').notNull(),
    /** Empty: of an erased customer, whose counts are in `minus`. */
    customerId: text('customer_id').notNull(),
    generation: integer('generation'),
    minus: jsonb('minus').$type<StoredCells>(),
  },
  (t) => [index('report_changes_workspace').on(t.workspace, t.id)],
);
