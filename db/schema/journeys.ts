import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { DecideAnswer } from '../../src/domain/protocol.ts';
import { ARMS, type JourneyState } from '../../src/domain/state.ts';
import { count, journeyTime, oneOf, sequence, wall } from './column-types.ts';
import { ENROLLMENT_STATES, RECONCILIATIONS, SWEEP_KINDS } from './values.ts';

/** The progress of a customer. This row owns it, not the workflow (docs/adr/0001). */
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
    /** Answer of the last decision, for a retry of an activity that died before it returned it. */
    lastAnswer: jsonb('last_answer').$type<DecideAnswer>(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('journeys_wake').on(t.wakeAt),
    index('journeys_bundle').on(t.workspace, t.bundleVersion),
    index('journeys_stage').on(t.workspace, sql`(${t.state} #>> '{stage,id}')`),
    // Whom a list by segment finds. Only those who are in one have an entry.
    index('journeys_segments')
      .using(
        'gin',
        sql`(jsonb_path_query_array(${t.state}, '$.segments.keyvalue() ? (@.value.inside == true).key'))`,
      )
      .where(sql`jsonb_path_exists(${t.state}, '$.segments.* ? (@.inside == true)')`),
    index('journeys_poison').on(t.workspace).where(sql`${t.state} ? 'poison'`),
  ],
);

/**
 * Customers to wake. Acceptance raises `requested_seq`, the deciding transaction raises `processed_seq`, the relay
 * holds the lease. `checks_requested` and `checks_done` do the same where there is no event.
 */
export const wakes = pgTable(
  'wakes',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    requestedSeq: sequence('requested_seq').notNull(),
    processedSeq: sequence('processed_seq').notNull().default(0),
    /** The newest event that wakes nothing. What processes the events before it passes over it. */
    quietSeq: sequence('quiet_seq').notNull().default(0),
    leaseUntil: wall('lease_until'),
    /** Leases since events were last processed. From the second on, the relay checks the workflow before it signals. */
    tries: integer('tries').notNull().default(0),
    /**
     * Checks of the journey that were requested and done, though its log has no new event. A decision does those that
     * were requested before it read its facts.
     */
    checksRequested: integer('checks_requested').notNull().default(0),
    checksDone: integer('checks_done').notNull().default(0),
    /** Until then the journey is not looked at again as overdue. A lease of its own, so that no new event waits for it. */
    overdueUntil: wall('overdue_until'),
    /** The customer is parked: its unprocessed events wait until then, or until another event comes. */
    parkedUntil: wall('parked_until'),
  },
  (t) => [
    // In the order in which they are leased.
    index('wakes_pending')
      .on(t.leaseUntil.asc().nullsFirst())
      .where(sql`${t.requestedSeq} > ${t.processedSeq}`),
    index('wakes_checks')
      .on(t.leaseUntil.asc().nullsFirst())
      .where(sql`${t.checksRequested} > ${t.checksDone}`),
  ],
);

/** All enrollments, for reports. The open ones are also in `journeys.state`, which decides. */
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
    /** Left out of analyses, because a merge joined both arms. */
    excluded: boolean('excluded').notNull().default(false),
    /** Where it is, for counts; where it was when it ended. A copy of what `journeys.state` says. */
    step: text('step'),
    /** The kind of its status. */
    state: text('state', { enum: ENROLLMENT_STATES }),
    /** Since when it is at the step. */
    since: journeyTime('since'),
    /** It follows `version` to its end. */
    pinned: boolean('pinned').notNull().default(false),
  },
  (t) => [
    oneOf('enrollments_arm', t.arm, ARMS),
    oneOf('enrollments_state', t.state, ENROLLMENT_STATES),
    index('enrollments_customer').on(t.customerId, t.journey, t.key),
    index('enrollments_journey').on(t.workspace, t.journey, t.endedAt),
    // Has all that counts by step read, so that they read no row.
    index('enrollments_position')
      .on(t.workspace, t.journey, t.step, t.since, t.id, t.state, t.version, t.pinned)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** Walks through all customers of a workspace, page by page. The cursor moves in the commit of a page. */
export const sweeps = pgTable(
  'sweeps',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    kind: text('kind', { enum: SWEEP_KINDS }).notNull(),
    journey: text('journey'),
    entry: integer('entry'),
    /** What identifies the sweep: the bundle's version, the scheduled instant or the fit's version. */
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
    index('sweeps_started').on(t.workspace, t.startedAt, t.id),
    index('sweeps_open').on(t.workspace, t.startedAt, t.id).where(sql`${t.doneAt} is null`),
  ],
);

/**
 * How far each comparison of Postgres with Temporal has come, and what it has found. The lease is also its pace: one
 * relay at a time processes a page, and the next page is due when the lease ends.
 */
export const reconciliations = pgTable(
  'reconciliations',
  {
    kind: text('kind', { enum: RECONCILIATIONS }).primaryKey(),
    /** Where the next page or pass begins; empty: at the beginning. */
    cursor: text('cursor').notNull().default(''),
    leaseUntil: wall('lease_until'),
    /** Complete passes so far, and the end of the last one. */
    passes: count('passes').notNull().default(0),
    passEndedAt: wall('pass_ended_at'),
    /** What was compared so far. */
    compared: count('compared').notNull().default(0),
    /** What was repaired so far, by cause. */
    repaired: jsonb('repaired').$type<Record<string, number>>().notNull().default({}),
    repairedAt: wall('repaired_at'),
  },
  (t) => [oneOf('reconciliations_kind', t.kind, RECONCILIATIONS)],
);
