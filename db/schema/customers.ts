import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { CONSENT_STATUSES } from '../../src/domain/customer/consent.ts';
import type { Profile, Trait } from '../../src/domain/customer/profile.ts';
import { TICKET_STATUSES, type Ticket } from '../../src/domain/ticket.ts';
import { byteOrderText, createdAt, journeyTime, oneOf, sequence, wall } from './column-types.ts';
import type { Inheritance, Pause } from './json.ts';
import { IDENTITY_TYPES } from './values.ts';

/** The golden record of a customer. Acceptance and claims both lock this row (see `locks/lock-order.ts`). */
export const customers = pgTable(
  'customers',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    /** Sequence number of the newest event in the log. */
    seq: sequence('seq').notNull().default(0),
    profile: jsonb('profile').$type<Profile>().notNull(),
    email: text('email'),
    /** The name as a search compares it (`foldName`). */
    nameKey: text('name_key'),
    paused: jsonb('paused').$type<Pause>(),
    /** The account (company, household) that the customer belongs to. */
    accountId: text('account_id'),
    /** Keyed hash of the address. The same person has the same key in every workspace of a group. */
    personKey: text('person_key'),
    /** The current customer after a merge. This one accepts no more events of its own. */
    mergedInto: text('merged_into'),
    /** After an unmerge: earlier contacts of another customer also count for this one. */
    inherits: jsonb('inherits').$type<Inheritance>(),
    /** A tombstone. An erased id is never used again. */
    erasedAt: wall('erased_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('customers_workspace').on(t.workspace, t.createdAt, t.id),
    index('customers_sweep').on(t.workspace, t.id),
    index('customers_account').on(t.workspace, t.accountId, t.id).where(sql`${t.accountId} is not null`),
    index('customers_person_key').on(t.personKey).where(sql`${t.personKey} is not null`),
    index('customers_email')
      .on(t.workspace, t.email.op('text_pattern_ops'))
      .where(sql`${t.email} is not null`),
    index('customers_name')
      .on(t.workspace, t.nameKey.op('text_pattern_ops'))
      .where(sql`${t.nameKey} is not null`),
    // The last word of it.
    index('customers_surname')
      .on(t.workspace, sql`(substring(${t.nameKey} from '[^ ]+$')) text_pattern_ops`)
      .where(sql`${t.nameKey} is not null`),
    index('customers_merged').on(t.mergedInto).where(sql`${t.mergedInto} is not null`),
  ],
);

/** A company or household whose members are customers. Its row lock orders account-wide tickets and claims (I3). */
export const accounts = pgTable(
  'accounts',
  {
    workspace: text('workspace').notNull(),
    id: text('id').notNull(),
    /** Traits with their source and time, as in a profile. */
    traits: jsonb('traits').$type<Record<string, Trait>>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    // Whose traits an erasure has to delete, also when the events that stated them are not kept any more.
    index('accounts_stated_by').using('gin', sql`(jsonb_path_query_array(${t.traits}, '$.*.by'))`),
  ],
);

export const identities = pgTable(
  'identities',
  {
    workspace: text('workspace').notNull(),
    type: text('type', { enum: IDENTITY_TYPES }).notNull(),
    value: byteOrderText('value').notNull(),
    customerId: text('customer_id').notNull(),
    /** The customer that it was bound to before a merge, which is the origin of further events with this identity. */
    origin: text('origin'),
    createdAt: createdAt(),
  },
  (t) => [
    oneOf('identities_type', t.type, IDENTITY_TYPES),
    primaryKey({ columns: [t.workspace, t.type, t.value] }),
    // A customer may have very many devices; the user id is found without them.
    index('identities_customer').on(t.customerId, t.type, t.value),
  ],
);

/** Consent statements, append-only. The consent that holds is computed from all of them (`resolveConsent`). */
export const consents = pgTable(
  'consents',
  {
    customerId: text('customer_id').notNull(),
    seq: sequence('seq').notNull(),
    purpose: text('purpose').notNull(),
    channel: text('channel').notNull(),
    topic: text('topic').notNull(),
    status: text('status', { enum: CONSENT_STATUSES }).notNull(),
    source: text('source').notNull(),
    at: journeyTime('at').notNull(),
    /** The device or source that said it and may repeat it. */
    speaker: text('speaker'),
  },
  (t) => [
    oneOf('consents_status', t.status, CONSENT_STATUSES),
    primaryKey({ columns: [t.customerId, t.seq, t.purpose, t.channel, t.topic, t.at] }),
  ],
);

export const tickets = pgTable(
  'tickets',
  {
    customerId: text('customer_id').notNull(),
    id: text('id').notNull(),
    workspace: text('workspace').notNull(),
    source: text('source').notNull(),
    status: text('status', { enum: TICKET_STATUSES }).notNull(),
    rawStatus: text('raw_status').notNull(),
    severity: text('severity').notNull(),
    subject: text('subject').notNull(),
    version: journeyTime('version').notNull(),
    seq: sequence('seq').notNull(),
    openedAt: journeyTime('opened_at').notNull(),
    closedAt: journeyTime('closed_at'),
    quietUntil: journeyTime('quiet_until'),
    product: text('product'),
    stated: jsonb('stated').$type<Ticket['stated']>(),
    /** Account and person that it also suppresses, as of its last event. */
    accountId: text('account_id'),
    personKey: text('person_key'),
  },
  (t) => [
    oneOf('tickets_status', t.status, TICKET_STATUSES),
    primaryKey({ columns: [t.customerId, t.source, t.id] }),
    index('tickets_number').on(t.workspace, t.id),
    index('tickets_open').on(t.workspace, t.customerId).where(sql`${t.status} = 'open'`),
    // Cool-downs, of which few have not ended.
    index('tickets_cooling').on(t.workspace, t.quietUntil).where(sql`${t.status} = 'closed'`),
    index('tickets_account').on(t.workspace, t.accountId).where(sql`${t.accountId} is not null`),
    index('tickets_person_key').on(t.personKey).where(sql`${t.personKey} is not null`),
  ],
);

/** Addresses that receive no more messages after hard bounces, as keyed hashes (`src/app/identity/address-key.ts`). */
export const suppressedAddresses = pgTable(
  'suppressed_addresses',
  {
    workspace: text('workspace').notNull(),
    channel: text('channel').notNull(),
    addressKey: text('address_key').notNull(),
    /** The provider's code, such as `550 5.1.1`. */
    reason: text('reason').notNull(),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.addressKey] })],
);

/** Rows to lock while a shared cap is counted: an account, a person in a group of workspaces, a workspace, a budget. */
export const sharedSubjects = pgTable('shared_subjects', { id: text('id').primaryKey() });
