import type { Consent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { ActionClass } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';
import { consentsJson } from './customer-json.ts';

/** A message, as far as the customer's pages need it. */
export interface PageDelivery {
  id: string;
  customerId: string;
  class: ActionClass;
  purpose: string;
  topic: string | null;
  channel: string;
  action: string;
  couponId: string | null;
}

/** Null if the delivery was erased with its customer or is no longer kept. */
export async function viewPageDelivery(tx: Tx, id: string): Promise<PageDelivery | null> {
  const [row] = await tx<PageDelivery[]>`
    select id, customer_id as "customerId", class, purpose, topic, channel, action,
      coupon_id as "couponId" from deliveries where id = ${id}`;
  return row ?? null;
}

/** What the customer's pages show of the customer. */
export interface PageCustomer {
  profile: Profile;
  consents: Consent[];
  /** Journey time of the last decision. */
  lastNow: number;
}

export async function viewPageCustomer(tx: Tx, customerId: string): Promise<PageCustomer | null> {
  const [row] = await tx<PageCustomer[]>`
    select c.profile, ${consentsJson(tx)} as consents,
      coalesce((select last_now from journeys where customer_id = c.id), 0) as "lastNow"
    from customers c where c.id = ${customerId}`;
  return row ? { ...row, profile: { ...emptyProfile(), ...row.profile } } : null;
}
