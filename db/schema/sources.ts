import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { SOURCE_OUTCOMES } from '../../src/domain/source-outcome.ts';
import { oneOf, wall } from './column-types.ts';

/** When a source of webhooks was last heard from, by what became of the request. */
export const sourceActivity = pgTable(
  'source_activity',
  {
    workspace: text('workspace').notNull(),
    source: text('source').notNull(),
    outcome: text('outcome', { enum: SOURCE_OUTCOMES }).notNull(),
    at: wall('at').notNull(),
    /** Why, without anything of the request: it may be forged. */
    reason: text('reason'),
  },
  (t) => [
    oneOf('source_activity_outcome', t.outcome, SOURCE_OUTCOMES),
    primaryKey({ columns: [t.workspace, t.source, t.outcome] }),
  ],
);
