import type { IncomingMessage } from 'node:http';
import type { KeyRow } from '../../../db/access/keys.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { createLinkToken, readLinkToken } from '../../content/link-token.ts';
import type { Instant } from '../../domain/time/time.ts';
import { readKeyFromHeader } from './auth.ts';
import type { ApiDeps } from './deps.ts';
import { HttpError } from './http-error.ts';
import { createRateLimit } from './rate-limit.ts';

/**
 * Tokens of one customer, by what they open: `inbox` for the customer's own app, `embed` for the page of the customer
 * inside of a support tool.
 */
export type TokenKind = 'inbox' | 'embed';

const PREFIX: Record<TokenKind, string> = { inbox: 'it_', embed: 'et_' };
const NAME: Record<TokenKind, string> = { inbox: 'an inbox', embed: 'an embedded page' };
/** Of one customer, kind and process. */
const REQUESTS_PER_SECOND = 20;

/** Who calls with a token of a customer. */
export interface Visitor {
  /** The customer after all merges. */
  customerId: string;
  workspace: string;
  expiresAt: Instant;
}

/** Creates a token that opens what its kind says of one customer, and nothing else. It is signed and not stored. */
export function createCustomerToken(
  kind: TokenKind,
  { customerId, expiresAt }: Pick<Visitor, 'customerId' | 'expiresAt'>,
  secret: string,
): string {
  return PREFIX[kind] + createLinkToken(kind, { id: customerId, expiresAt }, secret);
}

/** Reads the customer of a request that comes with a token of this kind; null if it comes with something else. */
export type FindVisitor = (
  req: IncomingMessage,
  kind: TokenKind,
  fromQuery?: unknown,
) => Promise<Visitor | null>;

/**
 * The token follows merges. @throws HttpError 401 for a token that is forged or has expired, 410 after an erasure, 429
 */
export function createFindVisitor({ db, config }: Pick<ApiDeps, 'db' | 'config'>): FindVisitor {
  const limit = createRateLimit(REQUESTS_PER_SECOND);
  return async (req, kind, fromQuery) => {
    const text = readKeyFromHeader(req) ?? fromQuery;
    const prefix = PREFIX[kind];
    if (typeof text !== 'string' || !text.startsWith(prefix)) return null;
    const link = readLinkToken(kind, text.slice(prefix.length), { ...config, now: Date.now() });
    const invalid = () => new HttpError(401, 'invalid_token', `this is no token of ${NAME[kind]}`);
    if (link === null || link.id.includes('\u0000')) throw invalid();
    if (link.isExpired)
      throw new HttpError(401, 'expired_token', 'the token has expired: request another one');
    const wait = limit(`${kind} ${link.id}`, 1);
    if (wait > 0)
      throw new HttpError(429, 'too_many_requests', 'too many requests with this token', {
        headers: { 'Retry-After': String(wait) },
      });
    const claimant = await readClaimant(db.sql, link.id);
    if (!claimant) throw invalid();
    if (claimant.erased) throw new HttpError(410, 'erased', 'this customer was erased');
    const { customerId, workspace } = claimant;
    return { customerId, workspace, expiresAt: link.expiresAt };
  };
}

/** Stands for the key of a request that comes with a token. It has no scope. */
export function keyOfVisitor(kind: TokenKind, { workspace }: Visitor): KeyRow {
  return { id: `${kind}-token`, workspace, kind: 'api', scopes: [], label: `${kind} token` };
}
