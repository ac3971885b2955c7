import type { IncomingMessage } from 'node:http';
import type { KeyRow } from '../../../db/access/keys.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { createLinkToken, readLinkToken } from '../../content/link-token.ts';
import type { Instant } from '../../domain/time/time.ts';
import { readKeyFromHeader } from './auth.ts';
import type { ApiDeps } from './deps.ts';
import { HttpError } from './http-error.ts';
import { createRateLimit } from './rate-limit.ts';

const PREFIX = 'it_';
/** Of one customer and process. */
const REQUESTS_PER_SECOND = 20;

/** Who calls with the token of a customer. */
export interface Visitor {
  /** The customer after all merges. */
  customerId: string;
  workspace: string;
  expiresAt: Instant;
}

/** Creates the token that opens the inbox of one customer, and nothing else. It is signed and not stored. */
export function createInboxToken(customerId: string, expiresAt: Instant, secret: string): string {
  return PREFIX + createLinkToken('inbox', { id: customerId, expiresAt }, secret);
}

/** Reads the customer of a request that comes with a token; null if it comes with something else. */
export type FindVisitor = (req: IncomingMessage, fromQuery?: string) => Promise<Visitor | null>;

/**
 * The token follows merges. @throws HttpError 401 for a token that is forged or has expired, 410 after an erasure, 429
 */
export function createFindVisitor({ db, config }: Pick<ApiDeps, 'db' | 'config'>): FindVisitor {
  const limit = createRateLimit(REQUESTS_PER_SECOND);
  return async (req, fromQuery) => {
    const text = readKeyFromHeader(req) ?? fromQuery;
    if (text === undefined || !text.startsWith(PREFIX)) return null;
    const link = readLinkToken('inbox', text.slice(PREFIX.length), { ...config, now: Date.now() });
    if (link === null || link.id.includes('\u0000'))
      throw new HttpError(401, 'invalid_token', 'this is no token of an inbox');
    if (link.isExpired)
      throw new HttpError(401, 'expired_token', 'the token has expired: request another one');
    const wait = limit(link.id, 1);
    if (wait > 0)
      throw new HttpError(429, 'too_many_requests', 'too many requests with this token', {
        headers: { 'Retry-After': String(wait) },
      });
    const claimant = await readClaimant(db.sql, link.id);
    if (!claimant) throw new HttpError(401, 'invalid_token', 'this is no token of an inbox');
    if (claimant.erased) throw new HttpError(410, 'erased', 'this customer was erased');
    const { customerId, workspace } = claimant;
    return { customerId, workspace, expiresAt: link.expiresAt };
  };
}

/** Stands for the key of a request that comes with a token. It has no scope. */
export function keyOfVisitor({ workspace }: Visitor): KeyRow {
  return { id: 'inbox-token', workspace, kind: 'api', scopes: [], label: 'inbox token' };
}
