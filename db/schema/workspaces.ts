import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import { createdAt, oneOf, wall } from './column-types.ts';
import { KEY_KINDS } from './values.ts';

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

/** Definitions, immutable by version: the files as they came, and what was compiled from them. */
export const bundles = pgTable(
  'bundles',
  {
    workspace: text('workspace').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    files: jsonb('files').$type<BundleFile[]>().notNull(),
    compiled: jsonb('compiled').$type<Bundle>().notNull(),
    activatedAt: wall('activated_at').notNull(),
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
    scopes: text('scopes').array().notNull(),
    label: text('label').notNull(),
    createdAt: createdAt(),
    revokedAt: wall('revoked_at'),
  },
  (t) => [oneOf('keys_kind', t.kind, KEY_KINDS), uniqueIndex('keys_hash').on(t.hash)],
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
