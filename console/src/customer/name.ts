import { readCustomerName } from '../../../src/domain/customer/customer-name.ts';
import type { Customer } from './types.ts';

/** How a page calls a customer: by name, otherwise by what best identifies them. */
export function nameCustomer({
  traits,
  identities,
  id,
}: Pick<Customer, 'traits' | 'identities' | 'id'>): string {
  const stated = Object.entries(traits).map(
    ([key, value]) => [key, { value, at: 0, seq: 0, source: '' }] as const,
  );
  return readCustomerName(Object.fromEntries(stated)) ?? nameByIdentity(identities, id);
}

const BEST_FIRST = ['email', 'user', 'phone', 'external', 'anon'];

/** The identity that people know best. */
export function nameByIdentity(identities: readonly { type: string; value: string }[], id: string): string {
  const [best] = [...identities].sort((a, b) => BEST_FIRST.indexOf(a.type) - BEST_FIRST.indexOf(b.type));
  return best?.value ?? id;
}
