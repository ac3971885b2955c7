import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/**
 * Wall-clock columns are `timestamptz`; journey time is milliseconds in `bigint`, since it is computed with and
 * compared in the core, never against the database's clock (design §2, two clocks).
 */
const wall = customType<{ data: number; driverData: string }>({ dataType: () => 'timestamp with time zone' });
const journeyTime = (name: string) => bigint(name, { mode: 'number' });
const createdAt = () => wall('created_at').notNull().default(sql`clock_timestamp()`);

/** A brand or tenant. `config_version` names the active bundle; accept reads it `for share`, activation writes it. */
export const workspaces = pgTable('workspaces', {
  id: text('id').primaryKey(),
  configVersion: integer('config_version').notNull().default(0),
  /** Raised after a restore, and part of every delivery id, so that ids of the lost future never return. */
  epoch: integer('epoch').notNull().default(1),
  /** Group of workspaces that the active bundle puts it into. */
  groupId: text('group_id'),
  /** Newest bundle whose sweep and schedules are arranged in Temporal. */
  syncedVersion: integer('synced_version').notNull().default(0),
  createdAt: createdAt(),
});

export const keys = pgTable(
  'keys',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    kind: text('kind').$type<'write' | 'api'>().notNull(),
    hash: text('hash').notNull(),
    scopes: text('scopes').array().notNull(),
    label: text('label').notNull(),
    createdAt: createdAt(),
    revokedAt: wall('revoked_at'),
  },
  (t) => [uniqueIndex('keys_hash').on(t.hash)],
);

/** Definitions, immutable by version: the files as they came, and what was compiled from them. */
export const bundles = pgTable(
  'bundles',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    files: jsonb('files').notNull(),
    compiled: jsonb('compiled').notNull(),
    activatedAt: wall('activated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
);

/** The golden record. Its row lock is the customer's lock: accept and claim both take it (design §2, lock order). */
export const customers = pgTable(
  'customers',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    /** Sequence number of the newest event in the log. */
    seq: bigint('seq', { mode: 'number' }).notNull().default(0),
    profile: jsonb('profile').notNull(),
    email: text('email'),
    paused: jsonb('paused'),
    /** The account (company, household) that the customer belongs to. */
    accountId: text('account_id'),
    /** Keyed hash of the address: the same person in another workspace of the group has the same. */
    personKey: text('person_key'),
    /** Root of a merge: this id answers for it ever after, and takes nothing of its own any more. */
    mergedInto: text('merged_into'),
    /** After an unmerge: contacts of that customer up to then count for this one, too. */
    inherits: jsonb('inherits'),
    /** A tombstone: nothing revives an erased id. */
    erasedAt: wall('erased_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('customers_workspace').on(t.workspace, t.createdAt, t.id),
    index('customers_sweep').on(t.workspace, t.id),
    index('customers_account').on(t.workspace, t.accountId, t.id).where(sql`${t.accountId} is not null`),
    index('customers_person_key').on(t.personKey).where(sql`${t.personKey} is not null`),
    index('customers_merged').on(t.mergedInto).where(sql`${t.mergedInto} is not null`),
  ],
);

/** A company or household whose contacts are customers. Its row lock orders account-wide tickets and claims (I3). */
export const accounts = pgTable(
  'accounts',
  {
    workspace: text('workspace').notNull(),
    id: text('id').notNull(),
    /** Like a profile's traits: value, when it was said, by which source. */
    traits: jsonb('traits').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.id] })],
);

/** What is locked while a shared cap is counted: an account, a person in a group of workspaces, a whole workspace. */
export const sharedSubjects = pgTable('shared_subjects', { id: text('id').primaryKey() });

/** What decisions say, on its way into the log: written with the decision, gone once it is appended. */
export const outbox = pgTable(
  'outbox',
  {
    workspace: text('workspace').notNull(),
    messageId: text('message_id').notNull(),
    customerId: text('customer_id').notNull(),
    event: jsonb('event').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.messageId] }), index('outbox_at').on(t.at)],
);

/** Events that all contacts of an account are told of, on their way to them, page by page. */
export const fanouts = pgTable(
  'fanouts',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    accountId: text('account_id').notNull(),
    /** Whose event it is; that one knows already. */
    customerId: text('customer_id').notNull(),
    event: jsonb('event').notNull(),
    /** Contacts up to this id have been told. */
    cursor: text('cursor').notNull().default(''),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('fanouts_at').on(t.at)],
);

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

/** Walks through all customers of a workspace, page by page; the cursor moves in the commit that a page makes. */
export const sweeps = pgTable(
  'sweeps',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    kind: text('kind').$type<'activation' | 'schedule' | 'hourly' | 'fit'>().notNull(),
    journey: text('journey'),
    entry: integer('entry'),
    /** What makes it one: the bundle's version, or the scheduled instant. */
    occurrence: text('occurrence').notNull(),
    version: integer('version').notNull(),
    cursor: text('cursor').notNull().default(''),
    seen: bigint('seen', { mode: 'number' }).notNull().default(0),
    found: bigint('found', { mode: 'number' }).notNull().default(0),
    startedAt: wall('started_at').notNull().default(sql`clock_timestamp()`),
    doneAt: wall('done_at'),
  },
  (t) => [index('sweeps_workspace').on(t.workspace, t.kind, t.version)],
);

export const identities = pgTable(
  'identities',
  {
    workspace: text('workspace').notNull(),
    type: text('type').$type<'user' | 'anon' | 'email' | 'phone' | 'external'>().notNull(),
    value: text('value').notNull(),
    customerId: text('customer_id').notNull(),
    /** Customer that it was bound to before a merge: events under it keep that as their origin. */
    origin: text('origin'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.type, t.value] }),
    index('identities_customer').on(t.customerId),
  ],
);

/** Message ids already taken. A table of its own, so that the log may be partitioned by time one day. */
export const messageIds = pgTable(
  'message_ids',
  {
    workspace: text('workspace').notNull(),
    messageId: text('message_id').notNull(),
    customerId: text('customer_id').notNull(),
    acceptedAt: wall('accepted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.messageId] })],
);

/** The log: the truth that signals are only the news of. Append-only. */
export const events = pgTable(
  'events',
  {
    customerId: text('customer_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    workspace: text('workspace').notNull(),
    id: text('id').notNull(),
    messageId: text('message_id').notNull(),
    type: text('type').notNull(),
    name: text('name').notNull(),
    at: wall('at').notNull(),
    acceptedAt: wall('accepted_at').notNull(),
    historical: boolean('historical').notNull(),
    source: text('source').notNull(),
    /** `{ properties, traits, context }` */
    body: jsonb('body').notNull(),
    /** Customer for whom it was first accepted, or would have been but for a merge; null: this one. */
    origin: text('origin'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.seq] }),
    index('events_origin').on(t.origin).where(sql`${t.origin} is not null`),
    // What reports and guardrails count, of logs that may hold thousands of page views.
    index('events_kpi')
      .on(t.customerId, t.name)
      .where(
        sql`${t.name} in ('Order Completed', 'Order Refunded', 'Order Cancelled', 'Delivery Complained', 'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered')`,
      ),
  ],
);

/** What was refused, with its reason: kept, since nothing accepted is ever lost. The body is text: it may not be JSON. */
export const rejected = pgTable(
  'rejected',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    messageId: text('message_id'),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
    source: text('source').notNull(),
    code: text('code').notNull(),
    reason: text('reason').notNull(),
    body: text('body').notNull(),
  },
  (t) => [
    index('rejected_workspace').on(t.workspace, t.at, t.id),
    index('rejected_message').on(t.workspace, t.messageId),
  ],
);

export const tickets = pgTable(
  'tickets',
  {
    customerId: text('customer_id').notNull(),
    id: text('id').notNull(),
    workspace: text('workspace').notNull(),
    source: text('source').notNull(),
    status: text('status').$type<'open' | 'closed'>().notNull(),
    rawStatus: text('raw_status').notNull(),
    severity: text('severity').notNull(),
    subject: text('subject').notNull(),
    version: journeyTime('version').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    openedAt: journeyTime('opened_at').notNull(),
    closedAt: journeyTime('closed_at'),
    quietUntil: journeyTime('quiet_until'),
    product: text('product'),
    /** Whom it silences beside its customer, as was known when it came: the account, and the same person elsewhere. */
    accountId: text('account_id'),
    personKey: text('person_key'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    index('tickets_account').on(t.workspace, t.accountId).where(sql`${t.accountId} is not null`),
    index('tickets_person_key').on(t.personKey).where(sql`${t.personKey} is not null`),
  ],
);

/** Append-only. What holds is computed from all statements (`consentFor`). */
export const consents = pgTable(
  'consents',
  {
    customerId: text('customer_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    purpose: text('purpose').notNull(),
    channel: text('channel').notNull(),
    topic: text('topic').notNull(),
    status: text('status').$type<'granted' | 'withdrawn'>().notNull(),
    source: text('source').notNull(),
    at: journeyTime('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.seq, t.purpose, t.channel, t.topic] })],
);

/** Who must be woken: accept raises `requested_seq`, the deciding transaction raises `processed_seq`, the relay holds the lease. */
export const wakes = pgTable(
  'wakes',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    requestedSeq: bigint('requested_seq', { mode: 'number' }).notNull(),
    processedSeq: bigint('processed_seq', { mode: 'number' }).notNull().default(0),
    leaseUntil: wall('lease_until'),
    /** Leases since something was taken: from the second on, the workflow is looked at before it is told again. */
    tries: integer('tries').notNull().default(0),
  },
  (t) => [index('wakes_pending').on(t.leaseUntil).where(sql`${t.requestedSeq} > ${t.processedSeq}`)],
);

/** Who owns the progress: this row, not the workflow (design §2). */
export const journeys = pgTable(
  'journeys',
  {
    customerId: text('customer_id').primaryKey(),
    workspace: text('workspace').notNull(),
    epoch: integer('epoch').notNull(),
    ordinal: integer('ordinal').notNull().default(0),
    processedSeq: bigint('processed_seq', { mode: 'number' }).notNull().default(0),
    state: jsonb('state'),
    stateVersion: integer('state_version').notNull().default(1),
    bundleVersion: integer('bundle_version').notNull().default(0),
    lastNow: journeyTime('last_now').notNull().default(0),
    /** Journey time. */
    wakeAt: journeyTime('wake_at'),
    /** What the last decision answered, for the try that died before it could tell. */
    lastAnswer: jsonb('last_answer'),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('journeys_wake').on(t.wakeAt), index('journeys_bundle').on(t.workspace, t.bundleVersion)],
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
    arm: text('arm').$type<'treated' | 'control'>().notNull(),
    enteredAt: journeyTime('entered_at').notNull(),
    goalAt: journeyTime('goal_at'),
    endedAt: journeyTime('ended_at'),
    reason: text('reason'),
    /** Left out of the analysis: two arms met in a merge. */
    excluded: boolean('excluded').notNull().default(false),
  },
  (t) => [
    index('enrollments_customer').on(t.customerId, t.journey, t.key),
    index('enrollments_journey').on(t.workspace, t.journey, t.endedAt),
  ],
);

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
    kind: text('kind').$type<'journey' | 'realtime'>().notNull().default('journey'),
    /** Where it was asked for, and until when its answer may be kept; of decisions on the spot. */
    placement: text('placement'),
    expiresAt: wall('expires_at'),
    /** Journey time. */
    at: journeyTime('at').notNull(),
    committedAt: wall('committed_at').notNull().default(sql`clock_timestamp()`),
    fromSeq: bigint('from_seq', { mode: 'number' }).notNull(),
    toSeq: bigint('to_seq', { mode: 'number' }).notNull(),
    bundleVersion: integer('bundle_version').notNull(),
    /** `acted`, `held`, `nothing`, or `moved` where nothing was asked; on the spot `offered`, `fallback` or `nothing`. */
    outcome: text('outcome')
      .$type<'acted' | 'held' | 'nothing' | 'moved' | 'offered' | 'fallback'>()
      .notNull(),
    actions: jsonb('actions').notNull(),
    candidates: jsonb('candidates').notNull(),
    /** What happened to enrollments: entered, moved, ended, poisoned. */
    changes: jsonb('changes').notNull(),
    /** The facts as seen, when there was something to decide. */
    context: jsonb('context'),
    /** Each arbitration among marketing actions, whole: `Arbitrated[]`. Null where there was none. */
    arbitrations: jsonb('arbitrations'),
  },
  (t) => [
    uniqueIndex('decisions_customer').on(t.customerId, t.epoch, t.ordinal),
    index('decisions_realtime').on(t.committedAt).where(sql`${t.kind} = 'realtime'`),
    // Reports read by time, over rows that come in its order.
    index('decisions_at').using('brin', t.at).with({ pages_per_range: 16 }),
    index('decisions_arbitrations').on(t.workspace, t.at).where(sql`${t.arbitrations} is not null`),
  ],
);

export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    decisionId: text('decision_id').notNull(),
    enrollmentId: text('enrollment_id').notNull(),
    action: text('action').notNull(),
    class: text('class').notNull(),
    /** For caps by purpose. */
    purpose: text('purpose').notNull().default('marketing'),
    topic: text('topic'),
    channel: text('channel').notNull(),
    key: text('key'),
    /** Id of the ticket or order that it is about. */
    subject: text('subject'),
    /** Whose shared caps it uses, as of its claim. */
    accountId: text('account_id'),
    personKey: text('person_key'),
    /** Wall clock of its claim: the windows of shared caps run on it. */
    claimedAt: wall('claimed_at'),
    bundleVersion: integer('bundle_version').notNull(),
    state: text('state').notNull(),
    /** When it is due; once it left, when it left. Journey time. */
    at: journeyTime('at').notNull(),
    notAfter: journeyTime('not_after').notNull(),
    entry: jsonb('entry').notNull(),
    verdict: jsonb('verdict'),
    /** Fencing token: only the claim that wrote it may write the result. */
    fence: integer('fence').notNull().default(0),
    leaseUntil: wall('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    locale: text('locale'),
    /** Test variant of the content. */
    variant: text('variant'),
    /** Minor units of the workspace's currency; what is planned is reserved. */
    cost: bigint('cost', { mode: 'number' }).notNull().default(0),
    couponId: text('coupon_id'),
    /** Why it is due at `at`. */
    sendReason: text('send_reason').notNull().default('now'),
    providerId: text('provider_id'),
    error: text('error'),
    createdAt: createdAt(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('deliveries_customer').on(t.customerId, t.at),
    index('deliveries_enrollment').on(t.enrollmentId),
    index('deliveries_sending').on(t.leaseUntil).where(sql`${t.state} = 'sending'`),
    index('deliveries_planned').on(t.updatedAt).where(sql`${t.state} = 'planned'`),
    index('deliveries_decision').on(t.decisionId),
    index('deliveries_claimed').on(t.workspace, t.claimedAt).where(sql`${t.claimedAt} is not null`),
    index('deliveries_account')
      .on(t.workspace, t.accountId, t.claimedAt)
      .where(sql`${t.accountId} is not null`),
    index('deliveries_action').on(t.workspace, t.action, t.at),
    index('deliveries_person_key').on(t.personKey, t.claimedAt).where(sql`${t.personKey} is not null`),
  ],
);

export const agentTasks = pgTable(
  'agent_tasks',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    decisionId: text('decision_id').notNull(),
    enrollmentId: text('enrollment_id').notNull(),
    action: text('action').notNull(),
    class: text('class').notNull(),
    topic: text('topic'),
    key: text('key'),
    /** As of a delivery. */
    subject: text('subject'),
    bundleVersion: integer('bundle_version').notNull(),
    state: text('state').notNull(),
    queue: text('queue').notNull(),
    level: integer('level').notNull().default(0),
    cost: bigint('cost', { mode: 'number' }).notNull().default(0),
    at: journeyTime('at').notNull(),
    acknowledgeBy: journeyTime('acknowledge_by').notNull(),
    resolveBy: journeyTime('resolve_by').notNull(),
    assignee: text('assignee'),
    outcome: text('outcome'),
    definition: jsonb('definition').notNull(),
    reasons: jsonb('reasons').notNull(),
    /** The customer as the agent must see them: filled when the task opens, so that nobody has to ask again (B-8). */
    case: jsonb('case'),
    createdAt: createdAt(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('agent_tasks_customer').on(t.customerId, t.at),
    index('agent_tasks_desk').on(t.workspace, t.queue, t.state),
    index('agent_tasks_planned').on(t.updatedAt).where(sql`${t.state} = 'planned'`),
  ],
);

/**
 * What decisions wait for, to know whether they were right: one row per arm that learns. Written open with the decision;
 * closed once, when its window is over.
 */
export const rewards = pgTable(
  'rewards',
  {
    /** `{decision}/{n}`: a reward counts once. */
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
    features: jsonb('features').notNull(),
    propensity: doublePrecision('propensity').notNull(),
    /** Journey time of the decision, how long outcomes count, and when that is over. */
    at: journeyTime('at').notNull(),
    within: journeyTime('within').notNull(),
    dueAt: journeyTime('due_at').notNull(),
    /** `open`, then `counted` (learned from), or why not: `not_sent`, `unknown_arm`, `not_finite`… */
    state: text('state').notNull().default('open'),
    /** 0 or 1, or minor units. */
    reward: doublePrecision('reward'),
    closedAt: wall('closed_at'),
  },
  (t) => [
    index('rewards_due').on(t.workspace, t.dueAt).where(sql`${t.state} = 'open'`),
    index('rewards_customer').on(t.customerId),
    index('rewards_decision').on(t.decisionId),
  ],
);

/** What each closed reward adds to its arm. Only ever inserted, then folded into a snapshot. */
export const modelDeltas = pgTable(
  'model_deltas',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    workspace: text('workspace').notNull(),
    rewardId: text('reward_id').notNull(),
    featureSchema: text('feature_schema').notNull(),
    delta: jsonb('delta').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('model_deltas_reward').on(t.rewardId),
    index('model_deltas_workspace').on(t.workspace, t.id),
  ],
);

/** Models, immutable by version: deciders read them without a lock. */
export const modelSnapshots = pgTable(
  'model_snapshots',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    featureSchema: text('feature_schema').notNull(),
    hash: text('hash').notNull(),
    /** Newest delta in it. */
    foldedTo: bigint('folded_to', { mode: 'number' }).notNull(),
    body: jsonb('body').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
);

/** What each night's fit of the scores left behind, immutable by version. */
export const scoreFits = pgTable(
  'score_fits',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    at: journeyTime('at').notNull(),
    body: jsonb('body').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
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
    cause: jsonb('cause').notNull(),
    liftedAt: wall('lifted_at'),
    liftedBy: text('lifted_by'),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('paused_actions_open').on(t.workspace, t.action).where(sql`${t.liftedAt} is null`)],
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
    state: text('state').$type<'issued' | 'redeemed' | 'expired' | 'revoked'>().notNull().default('issued'),
    issuedAt: journeyTime('issued_at').notNull(),
    expiresAt: journeyTime('expires_at').notNull(),
    redeemedAt: wall('redeemed_at'),
    orderId: text('order_id'),
    /** What it took off, in minor units. */
    discount: bigint('discount', { mode: 'number' }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('coupons_once').on(t.workspace, t.action, t.once),
    uniqueIndex('coupons_code').on(t.workspace, t.code),
    index('coupons_customer').on(t.customerId),
    index('coupons_expiring').on(t.workspace, t.expiresAt).where(sql`${t.state} = 'issued'`),
  ],
);

/** Addresses that are never written to: hard bounces and complaints. */
export const suppressedAddresses = pgTable(
  'suppressed_addresses',
  {
    workspace: text('workspace').notNull(),
    channel: text('channel').notNull(),
    address: text('address').notNull(),
    reason: text('reason').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.channel, t.address] })],
);

/** What was answered under an `Idempotency-Key`, kept a day. */
export const idempotency = pgTable(
  'idempotency',
  {
    workspace: text('workspace').notNull(),
    key: text('key').notNull(),
    request: text('request').notNull(),
    status: integer('status'),
    body: jsonb('body'),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.key] })],
);
