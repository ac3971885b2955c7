import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import { createdAt, oneOf, wall } from './column-types.ts';
import { KEY_KINDS, SCOPES } from './values.ts';

/** A brand or tenant. `config_version` names the active bundle; accept reads it `for share`, activation writes it. */
export const workspaces = pgTable('workspaces', {
  id: text('id').primaryKey(),
  configVersion: integer('config_version').notNull().default(0),
  /** Raised after a restore. It is part of every delivery id, so that ids from after the backup are not used again. */
  epoch: integer('epoch').notNull().default(1),
  /** The group of workspaces, and the workspaces in it, as the active bundle names them. */
  groupId: text('group_id'),
  groupWorkspaces: text('group_workspaces').array().notNull().default([]),
  /** Whether it shares the silence of tickets with them. */
  sharesSilence: boolean('shares_silence').notNull().default(false),
  /** Newest bundle that the schedules in Temporal follow. */
  syncedVersion: integer('synced_version').notNull().default(0),
  createdAt: createdAt(),
});

/** Definitions, immutable by version: the source files and the compiled form. */
export const bundles = pgTable(
  'bundles',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    files: jsonb('files').$type<BundleFile[]>().notNull(),
    compiled: jsonb('compiled').$type<Bundle>().notNull(),
    activatedAt: wall('activated_at').notNull(),
    /** The person or key that applied it; null: the server itself. */
    appliedBy: text('applied_by'),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.version] })],
);

export const keys = pgTable(
  'keys',
  {
    id: text('id').primaryKey(),
    workspace: text('workspace').notNull(),
    kind: text('kind', { enum: KEY_KINDS }).notNull(),
    hash: text('hash').notNull(),
    /** How the key begins, for people: `wk_Xk3f9QzA`. */
    prefix: text('prefix').notNull(),
    scopes: text('scopes', { enum: SCOPES }).array().notNull(),
    label: text('label').notNull(),
    createdAt: createdAt(),
    /** To the minute. */
    lastUsedAt: wall('last_used_at'),
    revokedAt: wall('revoked_at'),
  },
  (t) => [oneOf('keys_kind', t.kind, KEY_KINDS), uniqueIndex('keys_hash').on(t.hash)],
);

/** Commands that were done under an `Idempotency-Key`, and their answers; kept for a day. */
export const idempotency = pgTable(
  'idempotency',
  {
    workspace: text('workspace').notNull(),
    key: text('key').notNull(),
    /** Hash of the request. */
    request: text('request').notNull(),
    /** What the effect returned; it is written in the effect's transaction. */
    effect: jsonb('effect'),
    /** The answer; null while there is none. */
    status: integer('status'),
    body: jsonb('body'),
    at: wall('at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.key] })],
);
