import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { CALL_TYPES } from '../../src/domain/event.ts';
import type { Note } from '../../src/domain/note.ts';
import type { ReceivedForm } from '../../src/domain/received-form.ts';
import type { OutboxEvent } from '../../src/engine/journey/plan.ts';
import { count, journeyTime, kept, oneOf, sequence, wall } from './column-types.ts';
import type { FanoutEvent } from './json.ts';

/**
 * The log, append-only, in partitions by the month of acceptance (`db/partitions`). Signals to workflows only announce
 * its events. A sequence number is unique per customer because it is assigned under the lock of the customer's row
 * (`saveCustomers` checks it); a key of a partitioned table has to contain the time.
 */
export const events = pgTable(
  'events',
  {
    customerId: text('customer_id').notNull(),
    seq: sequence('seq').notNull(),
    workspace: text('workspace').notNull(),
    id: text('id').notNull(),
    messageId: text('message_id').notNull(),
    type: text('type', { enum: CALL_TYPES }).notNull(),
    name: text('name').notNull(),
    at: wall('at').notNull(),
    acceptedAt: wall('accepted_at').notNull(),
    historical: boolean('historical').notNull(),
    source: text('source').notNull(),
    /**
     * `{ properties, traits, context }`, and `anonymousId` with statements of consent. Of an event of a browser key:
     * `withheld`, what it stated and does not count, by path; `unproven`, addresses that only it has stated. `trace`:
     * `traceparent` of its request, where tracing is on.
     */
    body: jsonb('body')
      .$type<{
        properties: unknown;
        traits: unknown;
        context: unknown;
        anonymousId?: string;
        withheld?: Record<string, unknown>;
        unproven?: string[];
        trace?: string;
      }>()
      .notNull(),
    /** The customer that it was accepted for, if a merge has moved it; null: this one. */
    origin: text('origin'),
    /** What could not be read of it (`src/domain/note.ts`); null: all could. */
    notes: jsonb('notes').$type<Note[]>(),
    /** The id of the event whose fact this one repeats; null: a new fact. */
    repeats: text('repeats'),
    kept: kept(),
  },
  (t) => [
    oneOf('events_type', t.type, CALL_TYPES),
    primaryKey({ columns: [t.customerId, t.seq, t.acceptedAt, t.kept] }),
    // What a member has sent about the account stands in the logs of the others.
    index('events_echo')
      .on(sql`(${t.body} #>> '{context,account,from}')`)
      .where(sql`${t.source} = 'account'`),
    index('events_origin').on(t.origin).where(sql`${t.origin} is not null`),
    // Orders by their number, for the search. An entry of an index has room for so much of it.
    index('events_order')
      .on(t.workspace, sql`(left(${t.body} #>> '{properties,order_id}', 200))`)
      .where(sql`${t.name} in ('Order Completed', 'Payment Failed')`),
    // The newest of a workspace. Events of one batch share the time, so it takes about 7 bytes for each.
    index('events_accepted').on(t.workspace, t.acceptedAt),
    // The events that reports and guardrails count, in logs with thousands of page views.
    index('events_kpi')
      .on(t.customerId, t.name)
      .where(
        sql`${t.name} in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', 'Delivery Complained', 'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered')`,
      ),
  ],
);

/** Message ids that were accepted. They have a table of their own so that the log can be partitioned by time. */
export const messageIds = pgTable(
  'message_ids',
  {
    workspace: text('workspace').notNull(),
    messageId: text('message_id').notNull(),
    customerId: text('customer_id').notNull(),
    acceptedAt: wall('accepted_at').notNull(),
    /** Digest of the event's content (`src/app/intake/content-digest.ts`). Null: the id names the content. */
    content: bigint('content', { mode: 'bigint' }),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.messageId] }),
    // For their retention. They are stored in the order of time, so a BRIN index costs an accepted event nothing.
    index('message_ids_accepted').using('brin', t.acceptedAt),
  ],
);

/** The facts in the logs, by hash, so that a repeated one is recognised (see `events/known-facts.ts`). */
export const knownFacts = pgTable(
  'known_facts',
  {
    customerId: text('customer_id').notNull(),
    key: text('key').notNull(),
    /** Of a ticket or a changed order: the content of its newest version. */
    content: text('content').notNull(),
    /** The sender's time, or the version. */
    at: journeyTime('at').notNull(),
    eventId: text('event_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.key] })],
);

/** Rejected events with the reason. The body is text, since it need not be valid JSON. */
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
    /** Digest of its content and code: a rejected event stands on the list once, however often it is sent. */
    content: text('content').notNull(),
    /** Hashes of the identities that it names, so that it can be exported and erased with a customer. */
    identities: text('identities').array().notNull(),
    /** How it was received; null if reading it again makes no sense, or its body was not kept whole. */
    received: jsonb('received').$type<ReceivedForm>(),
  },
  (t) => [
    index('rejected_workspace').on(t.workspace, t.at, t.id),
    index('rejected_code').on(t.workspace, t.code, t.at, t.id),
    index('rejected_source').on(t.workspace, t.source, t.at, t.id),
    index('rejected_code_source').on(t.workspace, t.code, t.source, t.at, t.id),
    index('rejected_retryable').on(t.workspace, t.id).where(sql`${t.received} is not null`),
    index('rejected_message').on(t.workspace, t.messageId),
    uniqueIndex('rejected_content').on(t.workspace, t.content),
    index('rejected_identities').using('gin', t.identities),
    index('rejected_at').on(t.at),
  ],
);

/** How often events could not be read, and where: for the people who look after the senders. */
export const noteCounts = pgTable(
  'note_counts',
  {
    workspace: text('workspace').notNull(),
    code: text('code').notNull(),
    field: text('field').notNull(),
    /** Source of the events. */
    source: text('source').notNull(),
    /** A count is the sum over its slots (see `events/note-counts.ts`). */
    slot: integer('slot').notNull(),
    count: count('count').notNull(),
    /** Name of the newest such event (empty after an erasure), what it sent, shortened, and whose it is. */
    event: text('event').notNull(),
    example: text('example'),
    customerId: text('customer_id'),
    firstAt: wall('first_at').notNull().default(sql`clock_timestamp()`),
    lastAt: wall('last_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.code, t.field, t.source, t.slot] }),
    index('note_counts_customer').on(t.customerId).where(sql`${t.customerId} is not null`),
  ],
);

/** Events of decisions that are not in the log yet (see `events/outbox.ts`). */
export const outbox = pgTable(
  'outbox',
  {
    workspace: text('workspace').notNull(),
    messageId: text('message_id').notNull(),
    customerId: text('customer_id').notNull(),
    event: jsonb('event').$type<OutboxEvent>().notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.messageId] }), index('outbox_at').on(t.at)],
);

/** Events that the other members of an account are to receive (see `accounts/fanouts.ts`). */
export const fanouts = pgTable(
  'fanouts',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    accountId: text('account_id').notNull(),
    /** The member whose event it is. */
    customerId: text('customer_id').notNull(),
    event: jsonb('event').$type<FanoutEvent>().notNull(),
    /** Members up to this id have received it. */
    cursor: text('cursor').notNull().default(''),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('fanouts_at').on(t.at)],
);

/** Names of the events received from senders, to find misspelt ones in a bundle. At most a few thousand per workspace. */
export const eventNames = pgTable(
  'event_names',
  {
    workspace: text('workspace').notNull(),
    name: text('name').notNull(),
    /** The only customer who has sent it, since a sender may write what a person said into a name; null: several. */
    customerId: text('customer_id'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.name] }),
    index('event_names_customer').on(t.customerId).where(sql`${t.customerId} is not null`),
  ],
);
