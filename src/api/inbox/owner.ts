import type { Database } from '../../../db/client.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import type { Visitor } from '../frame/customer-token.ts';
import { notFound } from '../frame/http-error.ts';

/** The reference by which a browser names the customer of its token. */
const OWN = 'me';

/**
 * The customer whose inbox a request is about. A token opens that of its own customer alone, and others are answered
 * like customers who do not exist. @throws HttpError 400, 404, 410
 */
export async function resolveInboxOwner(
  db: Database,
  workspace: string,
  ref: string,
  visitor: Visitor | null,
): Promise<string> {
  if (visitor && ref === OWN) return visitor.customerId;
  const customerId = await resolveReference(db, workspace, ref);
  if (visitor && customerId !== visitor.customerId) throw notFound('customer');
  return customerId;
}
