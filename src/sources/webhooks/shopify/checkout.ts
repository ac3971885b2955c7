import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import { ignore, type TopicReader } from '../calls.ts';
import { dropAbsent, listExternalIds, readAmountField, requireFields } from '../payload-fields.ts';
import { readPerson } from './customer.ts';
import { CUSTOMER, readShopifyId } from './ids.ts';
import { readProducts } from './products.ts';

/** A checkout is the cart of somebody who has begun to pay. Until they say who they are, it is nobody's. */
export const readCheckout: TopicReader = (checkout, _, deliveryId) => {
  const unreadable = requireFields(
    checkout,
    { token: 'text', updated_at: 'time', currency: 'text', total_price: 'amount', line_items: 'list' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  if (checkout.completed_at) return ignore('a completed checkout is an order');
  const customer = readObject(checkout.customer);
  const id = readShopifyId(customer);
  const person = readPerson(customer);
  const traits = dropAbsent({
    ...person,
    email: toText(checkout.email) ?? person.email,
    phone: toText(checkout.phone) ?? person.phone ?? toText(readPath(checkout, 'billing_address.phone')),
  });
  const locale = toText(checkout.customer_locale);
  return [
    {
      type: 'track',
      event: 'Checkout Started',
      timestamp: checkout.updated_at,
      properties: dropAbsent({
        cart_id: checkout.token,
        total: readAmountField(checkout.total_price),
        currency: checkout.currency,
        products: readProducts(checkout.line_items),
        url: toText(checkout.abandoned_checkout_url),
      }),
      context: {
        externalIds: listExternalIds({ [CUSTOMER]: id }),
        traits,
        ...(locale === undefined ? {} : { locale }),
      },
    },
  ];
};
