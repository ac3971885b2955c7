import { sql } from 'drizzle-orm';
import {
  bigint,
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
import { REWARD_STATES } from '../../src/domain/reward.ts';
import type { FittedScores } from '../../src/learning/scores/types.ts';
import { createdAt, journeyTime, oneOf, sequence, wall } from './column-types.ts';
import type { StoredDelta, StoredModel } from './json.ts';

/**
 * Rewards of decisions, one row per arm that learns. Written open with the decision, and closed once its window is
 * over.
 */
export const rewards = pgTable(
  'rewards',
  {
    /** `{decision}/{n}`, so that a reward is written once. */
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    customerId: text('customer_id').notNull(),
    decisionId: text('decision_id').notNull(),
    arm: text('arm').notNull(),
    action: text('action').notNull(),
    channel: text('channel'),
    enrollmentId: text('enrollment_id').notNull(),
    key: text('key'),
    bundleVersion: integer('bundle_version').notNull(),
    featureSchema: text('feature_schema').notNull(),
    features: jsonb('features').$type<number[]>().notNull(),
    propensity: doublePrecision('propensity').notNull(),
    /** Whether it was drawn uniformly, for a customer of the exploration share. */
    explored: boolean('explored').notNull().default(false),
    /** The expected reward, a probability or an amount; null where no model scored the arm. */
    expected: doublePrecision('expected'),
    /** Journey time of the decision, how long outcomes count, and when that ends. */
    at: journeyTime('at').notNull(),
    within: journeyTime('within').notNull(),
    dueAt: journeyTime('due_at').notNull(),
    /** See `REWARD_STATES`. */
    state: text('state', { enum: REWARD_STATES }).notNull().default('open'),
    /** 0 or 1, or minor units. */
    reward: doublePrecision('reward'),
    closedAt: wall('closed_at'),
  },
  (t) => [
    oneOf('rewards_state', t.state, REWARD_STATES),
    index('rewards_due').on(t.workspace, t.dueAt).where(sql`${t.state} = 'open'`),
    index('rewards_customer').on(t.customerId),
    index('rewards_decision').on(t.decisionId),
  ],
);

/** What each closed reward adds to its arm. Inserted, folded into a snapshot, and deleted once it has decayed. */
export const modelDeltas = pgTable(
  'model_deltas',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    workspace: text('workspace').notNull(),
    rewardId: text('reward_id').notNull(),
    featureSchema: text('feature_schema').notNull(),
    delta: jsonb('delta').$type<StoredDelta>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('model_deltas_reward').on(t.rewardId),
    index('model_deltas_workspace').on(t.workspace, t.id),
  ],
);

/** Models, immutable by version, so that decisions read them without a lock. */
export const modelSnapshots = pgTable(
  'model_snapshots',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    featureSchema: text('feature_schema').notNull(),
    hash: text('hash').notNull(),
    /** Id of the newest delta in it. */
    foldedTo: sequence('folded_to').notNull(),
    body: jsonb('body').$type<StoredModel>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
);

/** Results of the nightly fit of the scores, immutable by version. */
export const scoreFits = pgTable(
  'score_fits',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    at: journeyTime('at').notNull(),
    body: jsonb('body').$type<FittedScores>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
);
