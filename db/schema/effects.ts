import { sql } from 'drizzle-orm';
import { index, integer, json, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ClaimRefusal } from '../../src/domain/candidate.ts';
import { ACTION_CLASSES, type TaskDef } from '../../src/domain/definition.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../src/domain/delivery.ts';
import type { ReceiptTimes } from '../../src/domain/receipt.ts';
import type { Enrollment } from '../../src/domain/state.ts';
import { bytes, count, createdAt, journeyTime, kept, oneOf, wall } from './column-types.ts';

export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    workspace: text('workspace').notNull(),
    decisionId: text('decision_id').notNull(),
    /** Journey time of the decision. */
    decidedAt: journeyTime('decided_at'),
    enrollmentId: text('enrollment_id').notNull(),
    action: text('action').notNull(),
    class: text('class', { enum: ACTION_CLASSES }).notNull(),
    /** Consent purpose, for caps per purpose. */
    purpose: text('purpose').notNull().default('marketing'),
    topic: text('topic'),
    channel: text('channel').notNull(),
    key: text('key'),
    /** Id of the ticket or order that the message is about. */
    subject: text('subject'),
    /** Account and person whose shared caps it uses, as of its claim. */
    accountId: text('account_id'),
    personKey: text('person_key'),
    /** Time of its claim. The windows of shared caps use it. */
    claimedAt: wall('claimed_at'),
    bundleVersion: integer('bundle_version').notNull(),
    state: text('state', { enum: DELIVERY_STATES }).notNull(),
    /** When it is due or, once sent, when it was sent. */
    at: journeyTime('at').notNull(),
    notAfter: journeyTime('not_after').notNull(),
    entry: jsonb('entry').$type<Enrollment['entry']>().notNull(),
    verdict: jsonb('verdict').$type<ClaimRefusal>(),
    /** Fencing token: only the claim with the current token may write the result. */
    fence: integer('fence').notNull().default(0),
    leaseUntil: wall('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    /** Of the content that was used, and the customer's own at that time. */
    locale: text('locale'),
    requestedLocale: text('requested_locale'),
    /** Test variant of the content. */
    variant: text('variant'),
    /** Minor units of the workspace's currency, reserved from the plan on. */
    cost: count('cost').notNull().default(0),
    couponId: text('coupon_id'),
    /** Why it is due at `at`. */
    sendReason: text('send_reason').notNull().default('now'),
    providerId: text('provider_id'),
    /** The delivery that it repeats, at somebody's request. */
    repeats: text('repeats'),
    /** Keyed hash of the address that it was claimed for: what bounces or complains is suppressed by it. */
    addressKey: text('address_key'),
    /** What was reported about the message; null: nothing yet. */
    receipts: jsonb('receipts').$type<ReceiptTimes>(),
    error: text('error'),
    /** The message of an attempt without an answer, to be repeated unchanged: `json` keeps the order. Null: none is open. */
    pendingMessage: json('pending_message').$type<unknown>(),
    /** Until then the provider recognises a repeat of the open attempt. Null: it recognises none. */
    repeatUntil: wall('repeat_until'),
    /** `traceparent` of its decision, where tracing is on. */
    trace: text('trace'),
    createdAt: createdAt(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    oneOf('deliveries_state', t.state, DELIVERY_STATES),
    oneOf('deliveries_class', t.class, ACTION_CLASSES),
    index('deliveries_customer').on(t.customerId, t.at),
    index('deliveries_enrollment').on(t.enrollmentId),
    index('deliveries_sending').on(t.leaseUntil).where(sql`${t.state} = 'sending'`),
    // What has changed lately, for pages that are open.
    index('deliveries_updated').on(t.workspace, t.updatedAt),
    index('deliveries_planned').on(t.updatedAt).where(sql`${t.state} = 'planned'`),
    index('deliveries_unknown').on(t.workspace, t.updatedAt).where(sql`${t.state} = 'unknown'`),
    uniqueIndex('deliveries_repeats').on(t.repeats).where(sql`${t.repeats} is not null`),
    index('deliveries_decision').on(t.decisionId),
    index('deliveries_provider').on(t.workspace, t.providerId).where(sql`${t.providerId} is not null`),
    index('deliveries_claimed').on(t.workspace, t.claimedAt).where(sql`${t.claimedAt} is not null`),
    index('deliveries_account')
      .on(t.workspace, t.accountId, t.claimedAt)
      .where(sql`${t.accountId} is not null`),
    index('deliveries_action').on(t.workspace, t.action, t.at),
    index('deliveries_person_key').on(t.personKey, t.claimedAt).where(sql`${t.personKey} is not null`),
  ],
);

/**
 * What each delivery has sent, as of its last attempt: written with the claim, so that a delivery without a known end has
 * its content too. In partitions by month, like `decisions`. Its customer is that of the delivery.
 */
export const sentMessages = pgTable(
  'sent_messages',
  {
    deliveryId: text('delivery_id').notNull(),
    workspace: text('workspace').notNull(),
    writtenAt: wall('written_at').notNull().default(sql`clock_timestamp()`),
    /** An encoded `SentContent`. */
    content: bytes('content').notNull(),
    kept: kept(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.writtenAt, t.kept] })],
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
    class: text('class', { enum: ACTION_CLASSES }).notNull(),
    topic: text('topic'),
    key: text('key'),
    /** As in `deliveries`. */
    subject: text('subject'),
    bundleVersion: integer('bundle_version').notNull(),
    state: text('state', { enum: TASK_STATES }).notNull(),
    queue: text('queue').notNull(),
    level: integer('level').notNull().default(0),
    cost: count('cost').notNull().default(0),
    at: journeyTime('at').notNull(),
    acknowledgeBy: journeyTime('acknowledge_by').notNull(),
    resolveBy: journeyTime('resolve_by').notNull(),
    /** Until then the task is in no queue: an agent has put it off. */
    snoozedUntil: journeyTime('snoozed_until'),
    assignee: text('assignee'),
    outcome: text('outcome'),
    /** Why it was withdrawn: what the engine recorded, codes of gates, or the words of the agent. */
    endReason: text('end_reason'),
    definition: jsonb('definition').$type<TaskDef>().notNull(),
    reasons: jsonb('reasons').$type<string[]>().notNull(),
    /** The customer as the agent sees them. Written when the task opens, so that the agent need not ask again (B-8). */
    case: jsonb('case'),
    /** As in `deliveries`. */
    trace: text('trace'),
    createdAt: createdAt(),
    updatedAt: wall('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    oneOf('agent_tasks_state', t.state, TASK_STATES),
    oneOf('agent_tasks_class', t.class, ACTION_CLASSES),
    index('agent_tasks_customer').on(t.customerId, t.at),
    // A page of a queue, of what an agent holds, or of what was put off is read from its index, however many have ended.
    index('agent_tasks_desk').on(t.workspace, t.queue, t.state, t.acknowledgeBy, t.id),
    index('agent_tasks_assignee')
      .on(t.workspace, t.assignee, t.state, t.acknowledgeBy, t.id)
      .where(sql`${t.assignee} is not null`),
    index('agent_tasks_snoozed')
      .on(t.workspace, t.snoozedUntil)
      .where(sql`${t.snoozedUntil} is not null and ${t.state} in ('open', 'acknowledged')`),
    index('agent_tasks_updated').on(t.workspace, t.updatedAt),
    index('agent_tasks_planned').on(t.updatedAt).where(sql`${t.state} = 'planned'`),
  ],
);
