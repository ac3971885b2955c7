import type { Database } from '../../../db/client.ts';
import { findByIdentity } from '../../../db/customers/find-customers.ts';
import { type ResolvedReference, resolveCustomerId } from '../../../db/customers/resolve-reference.ts';
import { readAllIds } from '../../../db/identity/merged-ids.ts';
import { HttpError, notFound } from '../frame/http-error.ts';

/** The customer that a reference leads to. */
export interface CustomerOwner {
  /** The customer after all merges. */
  id: string;
  /** The same id if the reference named a customer that was merged into this one; otherwise null. */
  mergedInto: string | null;
}

/** The id of the customer that a reference leads to. @throws HttpError 400, 404, 410 */
export async function resolveReference(db: Database, workspace: string, ref: string): Promise<string> {
  return (await resolveOwner(db, workspace, ref)).id;
}

/**
 * The customer that a reference names: `cus_…`, `user:{userId}`, `anon:{anonymousId}` or `ext:{type}:{id}`. Addresses
 * stay out of URLs, which end in logs; there is a look-up for them. @throws HttpError 400, 404, 410
 */
export async function resolveOwner(db: Database, workspace: string, ref: string): Promise<CustomerOwner> {
  return requireOwner(await findCustomer(db, workspace, ref));
}

/** The customer that a reference leads to, even if erased; null if there is none. @throws HttpError 400 */
export async function findCustomer(
  db: Database,
  workspace: string,
  ref: string,
): Promise<ResolvedReference | null> {
  if (/^(email|phone):/.test(ref))
    throw new HttpError(400, 'personal_data_in_url', 'look it up with POST /v1/customers/lookup');
  const [, type, value] = /^(user|anon|ext):(.+)$/s.exec(ref) ?? [];
  if (type === undefined || value === undefined) return resolveCustomerId(db.sql, workspace, ref);
  const identity = type === 'ext' ? 'external' : (type as 'user' | 'anon');
  return findMergeRoot(db, workspace, await findByIdentity(db.sql, workspace, identity, value));
}

/** The customer after all merges, for an id that a look-up has found. */
export async function findMergeRoot(
  db: Database,
  workspace: string,
  id: string | null,
): Promise<ResolvedReference | null> {
  return id === null ? null : resolveCustomerId(db.sql, workspace, id);
}

/** @throws HttpError 404 if there is no such customer, 410 if the customer was erased */
export function requireOwner(customer: ResolvedReference | null): CustomerOwner {
  if (!customer) throw notFound('customer');
  if (customer.erased) throw new HttpError(410, 'erased', 'this customer was erased');
  return { id: customer.id, mergedInto: customer.merged ? customer.id : null };
}

/** All ids of the customer that a reference leads to: merged customers share one history. @throws HttpError 400, 404, 410 */
export async function resolveAllIds(db: Database, workspace: string, ref: string): Promise<string[]> {
  return readAllIds(db.sql, await resolveReference(db, workspace, ref));
}
