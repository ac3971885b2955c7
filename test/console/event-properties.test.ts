import { expect, test } from 'vitest';
import { writeProperties } from '../../console/src/pages/start/write-properties.ts';

test.each([
  [
    { total: 412, order_id: 'o-1', products: [{ product_id: 'espresso-machine' }] },
    'total: 412 · order_id: o-1 · products: espresso-machine',
  ],
  [{ products: [{ name: 'Grinder', product_id: 'g' }, 'beans'] }, 'products: Grinder, beans'],
  // The service's own ids, and what is empty.
  [
    { action: 'ticket-help', delivery_id: 'dlv_01a227c07ea07fee9ddc654e54cf396f_1_3_0', from: null },
    'action: ticket-help',
  ],
  [{ order_id: { a: 1 }, paid: true }, 'order_id: {"a":1} · paid: true'],
  [{}, ''],
])('the properties %j are written as %s', (properties, line) => {
  expect(writeProperties(properties)).toBe(line);
});
