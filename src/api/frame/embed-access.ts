import type { Database } from '../../../db/client.ts';
import { readOwnerOf } from '../../../db/customers/owner-of.ts';
import { resolveCustomerId } from '../../../db/customers/resolve-reference.ts';
import { findCustomer } from '../customers/customer-ref.ts';
import type { Visitor } from './customer-token.ts';
import { notFound } from './http-error.ts';

/**
 * Whose record the path of an operation names: a customer by `{ref}`, a decision or a delivery by `{id}`; `none`: it
 * answers nothing of any customer.
 */
export type EmbeddedRecord = 'customer' | 'decision' | 'delivery' | 'none';

/**
 * Refuses a record of another customer than that of the token. It is answered like one that does not exist. The token's
 * own customer counts under all of their ids. @throws HttpError 400, 404
 */
export async function requireOwnRecord(
  db: Database,
  record: EmbeddedRecord,
  params: Record<string, string>,
  { customerId, workspace }: Visitor,
): Promise<void> {
  if (record === 'none') return;
  const owner =
    record === 'customer'
      ? await findCustomer(db, workspace, params.ref as string)
      : await findOwner(db, workspace, record, params.id as string);
  if (owner?.id !== customerId) throw notFound(record);
}

async function findOwner(db: Database, workspace: string, record: 'decision' | 'delivery', id: string) {
  const customerId = await readOwnerOf(db.sql, workspace, record, id);
  return customerId === null ? null : resolveCustomerId(db.sql, workspace, customerId);
}
