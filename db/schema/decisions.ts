import { sql } from 'drizzle-orm';
import { doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import { COUPON_STATES } from '../../src/domain/facts.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import { count, createdAt, journeyTime, oneOf, sequence, wall } from './column-types.ts';
import type { DecidedAction, PauseCause } from './json.ts';
import { DECISION_KINDS, DECISION_OUTCOMES } from './values.ts';

export const decisions = pgTable(
  'decisions',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    /** Of a decision on the spot: 0, since it takes no place among those of the journey. */
    epoch: integer('epoch').notNull(),
    /** Null for a decision on the spot. */
    ordinal: integer('ordinal'),
    kind: text('kind', { enum: DECISION_KINDS }).notNull().default('journey'),
    /** Where it was asked for, and until when its answer may be kept; of decisions on the spot. */
    placement: text('placement'),
    expiresAt: wall('expires_at'),
    /** Journey time. */
    at: journeyTime('at').notNull(),
    committedAt: wall('committed_at').notNull().default(sql`clock_timestamp()`),
    fromSeq: sequence('from_seq').notNull(),
    toSeq: sequence('to_seq').notNull(),
    bundleVersion: integer('bundle_version').notNull(),
    /** `acted`, `held`, `nothing`, or `moved` where nothing was asked; on the spot `offered`, `fallback` or `nothing`. */
    outcome: text('outcome', { enum: DECISION_OUTCOMES }).notNull(),
    actions: jsonb('actions').$type<DecidedAction[]>().notNull(),
    candidates: jsonb('candidates').$type<JudgedCandidate[]>().notNull(),
    /** What happened to enrollments: entered, moved, ended, poisoned. */
    changes: jsonb('changes').$type<JourneyChange[]>().notNull(),
    /** The facts as seen, when there was something to decide. */
    context: jsonb('context'),
    /** Each arbitration among marketing actions, whole: `Arbitrated[]`. Null where there was none. */
    arbitrations: jsonb('arbitrations').$type<ArbitrationRecord[]>(),
  },
  (t) => [
    oneOf('decisions_outcome', t.outcome, DECISION_OUTCOMES),
    oneOf('decisions_kind', t.kind, DECISION_KINDS),
    uniqueIndex('decisions_customer').on(t.customerId, t.epoch, t.ordinal),
    index('decisions_realtime').on(t.committedAt).where(sql`${t.kind} = 'realtime'`),
    // Reports read by time, over rows that come in its order.
    index('decisions_at').using('brin', t.at).with({ pages_per_range: 16 }),
    index('decisions_arbitrations').on(t.workspace, t.at).where(sql`${t.arbitrations} is not null`),
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
    /** What it took off, in minor units. */
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

/** Actions that a guardrail has paused, until somebody lifts it. */
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
