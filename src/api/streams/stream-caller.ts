import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Database } from '../../../db/client.ts';
import type { Authorize } from '../frame/auth.ts';
import type { FindVisitor } from '../frame/customer-token.ts';
import { requireOwnRecord } from '../frame/embed-access.ts';
import type { StreamOwner } from './open-streams.ts';

/** Who opens a stream of changes. */
export type StreamCaller = StreamOwner;

/** What finds out who opens a stream. */
export interface Callers {
  authorize: Authorize;
  findVisitor: FindVisitor;
}

/** Streams of one key: it may be that of a backend which shows them to many people. */
const PER_KEY = 1_000;
/** Streams of one person, in the tabs of their browsers. */
const PER_PERSON = 50;

/** Streams that the tokens of one customer's embedded page open. */
const PER_EMBEDDED = 50;

/**
 * The caller of the stream of one customer: the page in a support tool names its token in the query, since `EventSource`
 * sends no header. @throws HttpError 401, 403, 404 for another customer than the token's, 410
 */
export async function findCustomerStreamCaller(
  req: Request,
  db: Database,
  { authorize, findVisitor }: Callers,
): Promise<StreamCaller> {
  const reader = await findVisitor(req, 'embed', req.query.token);
  if (!reader) return findStreamCaller(req, 'streamCustomer', authorize);
  await requireOwnRecord(db, 'customer', { ref: String(req.params.ref) }, reader);
  const { workspace, customerId, expiresAt } = reader;
  return { workspace, revocableId: null, expiresAt, counted: { [`embed/${customerId}`]: PER_EMBEDDED } };
}

/** The caller of a stream, who must be allowed to read. @throws HttpError 401, 403 */
export async function findStreamCaller(
  req: IncomingMessage,
  operation: string,
  authorize: Authorize,
): Promise<StreamCaller> {
  const { id, workspace, person } = await authorize(req, { operation, scopes: ['read'] });
  return {
    workspace,
    revocableId: person?.id ?? id,
    expiresAt: person?.expiresAt ?? null,
    counted: { [id]: person ? PER_PERSON : PER_KEY },
  };
}
