import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { wall } from './column-types.ts';

/** Merges, with what an unmerge needs to undo them. */
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
    /** When the workflow of the loser was signalled to end. */
    workflowEndedAt: wall('workflow_ended_at'),
    unmergedAt: wall('unmerged_at'),
    /** After an unmerge: the customer it was separated from, and the new customer (ids are never reused). */
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

/** Pairs of customers that acceptance has identified as one and that are not merged yet. */
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

/**
 * Which users have identified with a device (anonymous id) of another user, and of which visitors a browser has stated
 * an address. Both are hashes: only their number is of interest, and nobody is found by them.
 */
export const sharedDevices = pgTable(
  'shared_devices',
  {
    workspace: text('workspace').notNull(),
    device: bigint('device', { mode: 'number' }).notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.device, t.userId] }), index('shared_devices_at').on(t.at)],
);

/** Erased customers whose histories in Temporal are still to be deleted. */
export const erasures = pgTable(
  'erasures',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    actor: text('actor').notNull(),
    /** Hashes of the person's identities, by which rejected events are found; empty when it is done. */
    identities: text('identities').array().notNull(),
    /** Accounts that the person has sent traits or events to; empty when it is done. */
    accounts: text('accounts').array().notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
    /** Empty listings in a row. Visibility lags, so one is not enough. */
    clean: integer('clean').notNull().default(0),
    nextAt: wall('next_at').notNull().default(sql`clock_timestamp()`),
    doneAt: wall('done_at'),
  },
  (t) => [index('erasures_open').on(t.nextAt).where(sql`${t.doneAt} is null`)],
);
