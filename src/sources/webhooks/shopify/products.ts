import { toText } from '../../../domain/event.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, readAmountField, readLineItems, readProductName } from '../payload-fields.ts';

/** The line items of an order or a checkout as products in Segment's form. `price` is that of one piece. */
export function readProducts(lineItems: unknown): Fields[] {
  return readLineItems(lineItems).map((item) => readProduct(item, item.quantity));
}

export function readProduct(item: Fields, quantity: unknown): Fields {
  return dropAbsent({
    product_id: toText(item.product_id),
    sku: toText(item.sku),
    variant: toText(item.variant_title),
    variant_id: toText(item.variant_id),
    name: readProductName(item.title) ?? readProductName(item.name),
    brand: toText(item.vendor),
    price: readAmountField(item.price),
    quantity: readAmountField(quantity),
  });
}
