import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { COUPON_STATES } from '../../src/domain/facts.ts';
import { bytes, count, createdAt, journeyTime, kept, oneOf, sequence, wall } from './column-types.ts';
import type { Move, PauseCause, PolicySummary } from './json.ts';
import { DECISION_KINDS, DECISION_OUTCOMES } from './values.ts';

/**
 * In partitions by the month of the commit (`db/partitions`). An ordinal is decided once per customer and epoch, because
 * it is written with the progress, under the lock of the journey's row (`saveProgress` checks it); a key of a
 * partitioned table has to contain the time.
 */
export const decisions = pgTable(
  'decisions',
  {
    id: text('id').notNull(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    /** 0 for a real-time decision, which has no position in the journey. */
    epoch: integer('epoch').notNull(),
    /** Null for a real-time decision. */
    ordinal: integer('ordinal'),
    kind: text('kind', { enum: DECISION_KINDS }).notNull().default('journey'),
    /** Placement of a real-time decision, and until when its answer may be cached. */
    placement: text('placement'),
    expiresAt: wall('expires_at'),
    /** Journey time. */
    at: journeyTime('at').notNull(),
    committedAt: wall('committed_at').notNull().default(sql`clock_timestamp()`),
    fromSeq: sequence('from_seq').notNull(),
    toSeq: sequence('to_seq').notNull(),
    bundleVersion: integer('bundle_version').notNull(),
    /** See `DECISION_OUTCOMES`. */
    outcome: text('outcome', { enum: DECISION_OUTCOMES }).notNull(),
    /** Ids of the chosen actions, in their order; null if there is none. */
    chosen: jsonb('chosen').$type<string[]>(),
    /** Whether it changed anything. */
    changed: boolean('changed').notNull(),
    /** Moves and exposures among its changes; null if there is none. */
    moves: jsonb('moves').$type<Move[]>(),
    /** Each arbitration among marketing actions; null if there was none. */
    policies: jsonb('policies').$type<PolicySummary[]>(),
    /** Whether the record has the inputs of the decision: a choice was due, and nothing of them was erased. */
    replayable: boolean('replayable').notNull(),
    /** Candidates with verdicts, actions, changes, arbitrations and inputs: an encoded `DecisionRecord`. */
    record: bytes('record').notNull(),
    kept: kept(),
  },
  (t) => [
    oneOf('decisions_outcome', t.outcome, DECISION_OUTCOMES),
    oneOf('decisions_kind', t.kind, DECISION_KINDS),
    primaryKey({ columns: [t.id, t.committedAt, t.kept] }),
    index('decisions_customer').on(t.customerId, t.epoch, t.ordinal),
    index('decisions_realtime').on(t.committedAt).where(sql`${t.kind} = 'realtime'`),
    // Reports select by time, and rows are written in its order.
    index('decisions_at').using('brin', t.at).with({ pages_per_range: 16 }),
    // The list of decisions, and what a what-if replays.
    index('decisions_replayable').on(t.workspace, t.at, t.id).where(sql`${t.replayable}`),
    index('decisions_policies').on(t.workspace, t.at).where(sql`${t.policies} is not null`),
  ],
);

/** Coupons, issued in the transaction of the decision that chose them: one per workspace, action and `once`. */
export const coupons = pgTable(
  'coupons',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    code: text('code').notNull(),
    customerId: text('customer_id').notNull(),
    action: text('action').notNull(),
    once: text('once').notNull(),
    decisionId: text('decision_id').notNull(),
    enrollmentId: text('enrollment_id').notNull(),
    percent: doublePrecision('percent').notNull(),
    state: text('state', { enum: COUPON_STATES }).notNull().default('issued'),
    issuedAt: journeyTime('issued_at').notNull(),
    expiresAt: journeyTime('expires_at').notNull(),
    redeemedAt: wall('redeemed_at'),
    orderId: text('order_id'),
    /** Discount in minor units. */
    discount: count('discount'),
    createdAt: createdAt(),
  },
  (t) => [
    oneOf('coupons_state', t.state, COUPON_STATES),
    uniqueIndex('coupons_once').on(t.workspace, t.action, t.once),
    uniqueIndex('coupons_code').on(t.workspace, t.code),
    index('coupons_customer').on(t.customerId),
    index('coupons_expiring').on(t.workspace, t.expiresAt).where(sql`${t.state} = 'issued'`),
  ],
);

/** Actions that a guardrail or a person has paused, until a person resumes them. */
export const pausedActions = pgTable(
  'paused_actions',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    action: text('action').notNull(),
    /** Journey time. */
    since: journeyTime('since').notNull(),
    /** `{ harm, reading }` */
    cause: jsonb('cause').$type<PauseCause>().notNull(),
    liftedAt: wall('lifted_at'),
    liftedBy: text('lifted_by'),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('paused_actions_open').on(t.workspace, t.action).where(sql`${t.liftedAt} is null`)],
);
