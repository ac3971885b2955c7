import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { wall } from './column-types.ts';

/** Which customers became one, and what an unmerge has to give back. */
export const merges = pgTable(
  'merges',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    winner: text('winner').notNull(),
    loser: text('loser').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
    /** When the lost one's workflow was told to look, and so to end. */
    workflowEndedAt: wall('workflow_ended_at'),
    unmergedAt: wall('unmerged_at'),
    /** From whom an unmerge has taken it; and the new customer that it made: an id is never revived. */
    unmergedFrom: text('unmerged_from'),
    unmergedInto: text('unmerged_into'),
  },
  (t) => [
    index('merges_winner').on(t.winner),
    uniqueIndex('merges_loser').on(t.loser),
    index('merges_parted').on(t.unmergedFrom).where(sql`${t.unmergedFrom} is not null`),
    index('merges_unmerged').on(t.unmergedInto).where(sql`${t.unmergedInto} is not null`),
    index('merges_open_workflow').on(t.at).where(sql`${t.workflowEndedAt} is null`),
  ],
);

/** Customers that acceptance has found to be one, and that are yet to be merged. Written with the event that says so. */
export const mergesDue = pgTable(
  'merges_due',
  {
    workspace: text('workspace').notNull(),
    firstId: text('first_id').notNull(),
    secondId: text('second_id').notNull(),
    reason: text('reason').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.firstId, t.secondId] }), index('merges_due_at').on(t.at)],
);

/** Erased customers whose histories in Temporal are still to be deleted. */
export const erasures = pgTable(
  'erasures',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    actor: text('actor').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
    /** Listings in a row that found nothing: visibility lags, so one isn't enough. */
    clean: integer('clean').notNull().default(0),
    nextAt: wall('next_at').notNull().default(sql`clock_timestamp()`),
    doneAt: wall('done_at'),
  },
  (t) => [index('erasures_open').on(t.nextAt).where(sql`${t.doneAt} is null`)],
);
