import { readFileSync } from 'node:fs';
import path from 'node:path';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import { EXPORTED_TABLES } from '../../db/customers/export-customer.ts';
import * as schema from '../../db/schema.ts';
import { ROOT } from '../support/paths.ts';

/** Where the statements of an erasure stand. */
const ERASING = [
  'db/erasure/erase-customer.ts',
  'db/erasure/erase-from-members.ts',
  'db/events/event-names.ts',
  'db/events/note-counts.ts',
  'db/access/idempotency.ts',
];

const TABLES = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableConfig(table as PgTable).name);

/** Tables that hold nothing about a customer. */
const WITHOUT_CUSTOMERS: Record<string, string> = {
  workspaces: 'settings',
  bundles: 'definitions',
  cms_copies: 'content of a CMS, before it is filled in',
  keys: 'access keys of systems',
  users: 'people of the company',
  user_roles: 'what they may do',
  sessions: 'their sessions',
  login_attempts: 'hashes of logins and addresses, for 30 days',
  shared_subjects: 'names of locks, without a state',
  paused_actions: 'actions of a workspace',
  sweeps: 'positions of jobs',
  reconciliations: 'counts',
  retention: 'positions of a job',
  report_counts: 'positions of a job',
  report_cells: 'sums over all customers',
  model_snapshots: 'sums over all customers',
  score_fits: 'sums over all customers',
  shared_devices: 'hashes of pairs, to be counted, for 90 days',
  source_activity: 'when vendors were heard from, without what they said',
};

/** Tables that are erased and have no list in the export. */
const NOT_EXPORTED: Record<string, string> = {
  accounts: 'a section of its own: `account`',
  message_ids: 'the events have their message ids',
  wakes: 'positions in the log',
  merges_due: 'a queue of seconds, and `merges` after that',
  model_deltas: 'the rewards have the features that it is computed from',
  report_changes: 'a queue of minutes',
  erasures: 'there is no export of an erased customer',
};

/** Tables that are exported and keep their rows after an erasure. */
const NOT_ERASED: Record<string, string> = {
  suppressed_addresses: 'nothing may be sent to the address; it is a keyed hash',
  erasures: 'the tombstone',
};

/** Tables whose rows these files delete or rewrite. */
function listErasedTables(): Set<string> {
  const sql = ERASING.map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n');
  return new Set([...sql.matchAll(/\b(?:delete from|update)\s+(\w+)/g)].map(([, table]) => table as string));
}

test('every table with data about customers is exported and erased, or there is a reason', () => {
  const withCustomers = TABLES.filter((table) => !(table in WITHOUT_CUSTOMERS)).sort();
  const exported = [...EXPORTED_TABLES, ...Object.keys(NOT_EXPORTED)];
  expect([...new Set(exported)].sort()).toEqual(withCustomers);
  const erased = [...listErasedTables(), ...Object.keys(NOT_ERASED)].filter((t) => withCustomers.includes(t));
  expect([...new Set(erased)].sort()).toEqual(withCustomers);
});

test('no reason is given for a table that needs none', () => {
  const erased = listErasedTables();
  for (const table of Object.keys(NOT_EXPORTED)) expect(EXPORTED_TABLES).not.toContain(table);
  for (const table of Object.keys(NOT_ERASED)) expect([...erased]).not.toContain(table);
  for (const table of Object.keys(WITHOUT_CUSTOMERS)) {
    expect(TABLES).toContain(table);
    expect([...erased]).not.toContain(table);
  }
});
