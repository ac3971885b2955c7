import type { Database } from '../../db/client.ts';
import { findByIdentity, hasCustomer } from '../../db/queries/find-customers.ts';
import { HttpError, notFound } from './http-error.ts';

/**
 * The customer that a reference names: `cus_…`, `user:{userId}` or `anon:{anonymousId}`. Addresses stay out of URLs,
 * which end in logs; there is a look-up for them. @throws HttpError 400, 404
 */
export async function resolveRef(db: Database, workspace: string, ref: string): Promise<string> {
  if (/^(email|phone):/.test(ref))
    throw new HttpError(400, 'personal_data_in_url', 'look it up with POST /v1/customers/lookup');
  const [, type, value] = /^(user|anon):(.+)$/s.exec(ref) ?? [];
  if (type && value) {
    const id = await findByIdentity(db.sql, workspace, type as 'user' | 'anon', value);
    if (id !== null) return id;
  } else if (await hasCustomer(db.sql, workspace, ref)) return ref;
  throw notFound('customer');
}
