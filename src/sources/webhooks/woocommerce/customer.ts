import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import type { TopicReading } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, listExternalIds, requireFields } from '../payload-fields.ts';

export function readCustomer(customer: Fields, source: string, deliveryId: string | undefined): TopicReading {
  const unreadable = requireFields(customer, { id: 'id', email: 'text' }, deliveryId);
  if (unreadable) return unreadable;
  const billing = readObject(customer.billing);
  const traits = dropAbsent({
    email: toText(customer.email),
    phone: toText(billing.phone),
    firstName: toText(customer.first_name) ?? toText(billing.first_name),
    lastName: toText(customer.last_name) ?? toText(billing.last_name),
  });
  const timestamp = customer.date_modified_gmt ?? customer.date_created_gmt;
  return [{ type: 'identify', timestamp, traits, context: identifyBuyer(source, customer.id) }];
}

/**
 * The ids of a customer. Every shop counts its customers from 1, so the source is part of the id.
 * @param id 0: a guest
 */
export function identifyBuyer(source: string, id: unknown): Fields {
  return { externalIds: id === 0 || id === '0' ? [] : listExternalIds({ [source]: id }) };
}
