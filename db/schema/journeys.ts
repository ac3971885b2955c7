import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { DecideAnswer } from '../../src/domain/protocol.ts';
import { ARMS, type JourneyState } from '../../src/domain/state.ts';
import { count, journeyTime, oneOf, sequence, wall } from './column-types.ts';
import { SWEEP_KINDS } from './values.ts';

/** Who owns the progress: this row, not the workflow (design §2). */
export const journeys = pgTable(
  'journeys',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    epoch: integer('epoch').notNull(),
    ordinal: integer('ordinal').notNull().default(0),
    processedSeq: sequence('processed_seq').notNull().default(0),
    state: jsonb('state').$type<JourneyState>(),
    stateVersion: integer('state_version').notNull().default(1),
    bundleVersion: integer('bundle_version').notNull().default(0),
    lastNow: journeyTime('last_now').notNull().default(0),
    /** Journey time. */
    wakeAt: journeyTime('wake_at'),
    /** What the last decision answered, for the try that died before it could tell. */
    lastAnswer: jsonb('last_answer').$type<DecideAnswer>(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('journeys_wake').on(t.wakeAt), index('journeys_bundle').on(t.workspace, t.bundleVersion)],
);

/** Who must be woken: accept raises `requested_seq`, the deciding transaction raises `processed_seq`, the relay holds the lease. */
export const wakes = pgTable(
  'wakes',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    requestedSeq: sequence('requested_seq').notNull(),
    processedSeq: sequence('processed_seq').notNull().default(0),
    leaseUntil: wall('lease_until'),
    /** Leases since something was taken: from the second on, the workflow is looked at before it is told again. */
    tries: integer('tries').notNull().default(0),
  },
  (t) => [index('wakes_pending').on(t.leaseUntil).where(sql`${t.requestedSeq} > ${t.processedSeq}`)],
);

/** Every enrollment there ever was; the open ones are also in `journeys.state`, which holds. */
export const enrollments = pgTable(
  'enrollments',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    journey: text('journey').notNull(),
    version: integer('version').notNull(),
    key: text('key'),
    arm: text('arm', { enum: ARMS }).notNull(),
    enteredAt: journeyTime('entered_at').notNull(),
    goalAt: journeyTime('goal_at'),
    endedAt: journeyTime('ended_at'),
    reason: text('reason'),
    /** Left out of the analysis: two arms met in a merge. */
    excluded: boolean('excluded').notNull().default(false),
  },
  (t) => [
    oneOf('enrollments_arm', t.arm, ARMS),
    index('enrollments_customer').on(t.customerId, t.journey, t.key),
    index('enrollments_journey').on(t.workspace, t.journey, t.endedAt),
  ],
);

/** Walks through all customers of a workspace, page by page; the cursor moves in the commit that a page makes. */
export const sweeps = pgTable(
  'sweeps',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    kind: text('kind', { enum: SWEEP_KINDS }).notNull(),
    journey: text('journey'),
    entry: integer('entry'),
    /** What makes it one: the bundle's version, or the scheduled instant. */
    occurrence: text('occurrence').notNull(),
    version: integer('version').notNull(),
    cursor: text('cursor').notNull().default(''),
    seen: count('seen').notNull().default(0),
    found: count('found').notNull().default(0),
    startedAt: wall('started_at').notNull().default(sql`clock_timestamp()`),
    doneAt: wall('done_at'),
  },
  (t) => [
    oneOf('sweeps_kind', t.kind, SWEEP_KINDS),
    index('sweeps_workspace').on(t.workspace, t.kind, t.version),
  ],
);
