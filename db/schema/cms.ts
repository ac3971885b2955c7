import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { wall } from './column-types.ts';

/** The last good copy of each entry of a CMS. Its `text` is a content file; it says nothing about any customer. */
export const cmsCopies = pgTable(
  'cms_copies',
  {
    workspace: text('workspace').notNull(),
    file: text('file').notNull(),
    /** What the copy is made of (`cmsOrigin`). */
    origin: text('origin').notNull(),
    source: text('source').notNull(),
    entry: text('entry').notNull(),
    /** Null: the CMS has never given a good one, and the file of the bundle is used. */
    text: text('text'),
    /** The CMS's version of the copy, and the etag by which it is asked for a newer one. */
    version: text('version'),
    etag: text('etag'),
    /** When the copy was fetched; when the CMS last said that it is the newest. */
    fetchedAt: wall('fetched_at'),
    checkedAt: wall('checked_at'),
    /** Why the newest answer is not used; null: it is. */
    error: text('error'),
    failedAt: wall('failed_at'),
    /** Digest of the text that was refused: it is not compiled again. */
    refused: text('refused'),
    /** When the CMS is asked next. */
    nextAt: wall('next_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.file, t.origin] }), index('cms_copies_next').on(t.nextAt)],
);
