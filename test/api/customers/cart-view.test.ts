import { expect, test } from 'vitest';
import { toCartItems } from '../../../src/api/customers/cart-view.ts';
import { customer } from '../../../src/api/customers/schema.ts';

const items = customer.shape.cart.options[0].shape.items;

test.each<[unknown, object]>([
  [
    { product_id: 7, price: '4.50', quantity: '2' },
    { product_id: '7', price: 4.5, quantity: 2 },
  ],
  [
    { product_id: ' p ', sku: 12, name: 'Cup', variant: 3 },
    { product_id: 'p', sku: '12', name: 'Cup', variant: '3' },
  ],
  [{ product_id: 'undefined', name: null, price: 'free', quantity: true }, {}],
  [
    { name: 'Cup', colour: { hex: '#fff' }, tags: ['a'] },
    { name: 'Cup', colour: { hex: '#fff' }, tags: ['a'] },
  ],
])('the product %j is shown as %j', (sent, shown) => {
  const view = toCartItems([sent]);
  expect(view).toEqual([shown]);
  expect(items.safeParse(view).success).toBe(true);
});

test('what is no product is not shown', () => {
  expect(toCartItems(['Cup', null, ['x'], 5])).toEqual([]);
});
