import { doublePrecision, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, oneOf, wall } from './column-types.ts';
import { ROLES } from './values.ts';

/** People who use the console. They belong to the installation; their roles belong to workspaces. */
export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    /** In lower case. */
    login: text('login').notNull(),
    name: text('name').notNull(),
    /** Null: there is no password, and nobody can log in with one. */
    passwordHash: text('password_hash'),
    createdAt: createdAt(),
    disabledAt: wall('disabled_at'),
  },
  (t) => [uniqueIndex('users_login').on(t.login)],
);

export const userRoles = pgTable(
  'user_roles',
  {
    userId: text('user_id').notNull(),
    workspace: text('workspace').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.workspace] }), oneOf('user_roles_role', t.role, ROLES)],
);

/** Sessions of the console. The token itself is only in the cookie of its browser. */
export const sessions = pgTable(
  'sessions',
  {
    /** Of the token. */
    hash: text('hash').primaryKey(),
    userId: text('user_id').notNull(),
    /** Where the user works now. */
    workspace: text('workspace').notNull(),
    createdAt: createdAt(),
    /** To the minute. */
    lastUsedAt: wall('last_used_at').notNull(),
    expiresAt: wall('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

/** How many attempts to log in are left, by a hash of the login, of the address, or of both: token buckets. */
export const loginAttempts = pgTable('login_attempts', {
  key: text('key').primaryKey(),
  remaining: doublePrecision('remaining').notNull(),
  at: wall('at').notNull(),
  /** Of login and address together: when the login succeeded from there. */
  succeededAt: wall('succeeded_at'),
});
