/**
 * The one definition of the tables. Migrations are generated from it, and queries take column names, types and row
 * types from it (`columns.ts`). `schema.sql` is the same as SQL, for readers; tests compare all three.
 */
export * from './schema/cms.ts';
export * from './schema/customers.ts';
export * from './schema/decisions.ts';
export * from './schema/effects.ts';
export * from './schema/events.ts';
export * from './schema/identity.ts';
export * from './schema/inbox.ts';
export * from './schema/journeys.ts';
export * from './schema/learning.ts';
export * from './schema/reports.ts';
export * from './schema/retention.ts';
export * from './schema/sources.ts';
export * from './schema/users.ts';
export * from './schema/workspaces.ts';
