import { expect, test } from 'vitest';
import { compileCel } from '../../../src/definitions/cel/compile-cel.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { createScope } from './scope.ts';

const evaluate = createEvaluator();
const PROPERTIES = {
  none: null,
  nested: { a: null, b: { c: null } },
  list: [null, { x: null, y: 1 }, 2],
  text: 'null',
  zero: 0,
};

function scope() {
  const created = createScope(PROPERTIES);
  const at = { at: 0, seq: 1, source: 'test' };
  created.facts.profile.traits.vip = { value: null, ...at };
  created.facts.profile.traits.address = { value: { city: null, zip: '1', 'house-number': '7' }, ...at };
  return created;
}

test.each<[expression: string, value: boolean | number]>([
  // A path that ends early ends with nothing.
  ['traits.nowhere.city == null', true],
  ['traits.nowhere.city != null', false],
  ['traits.vip.since == null', true],
  ['has(traits.nowhere.city)', false],
  ['!has(traits.nowhere.city)', true],
  ['has(traits.vip.since.year)', false],
  ['has(traits.address.zip) && !has(traits.address.city)', true],
  ['event.properties.nested.z.c == null', true],
  ['enrollment.vars.code == null', true],
  // Parentheses around either side.
  ['(traits.vip) == null', true],
  ['((traits.vip)) == (null)', true],
  ['(traits).vip == null', true],
  ['(traits.address).zip != null', true],
  ['(traits.vip == null) == true', true],
  ["event.properties.text == ')' || (traits.vip) == null", true],
  ["!((traits.vip == null)) || (traits['plan']) != null", true],
  // Names that are no words of CEL, and items of lists.
  ["traits['first-name'] == null", true],
  ["traits.address['house-number'] != null", true],
  ["traits.nowhere['house-number'] == null", true],
  ['event.properties.list[1].x == null', true],
  ['(event.properties.list)[1].y != null', true],
  ['has(event.properties.list[1].y)', true],
  ['has(event.properties.list[1].x)', false],
  ['event.properties.list.exists(i, i.x == null)', true],
  ['[[traits.vip == null]][0][0] == true', true],
  // Values that are not null.
  ['event.properties.text == null', false],
  ['event.properties.zero == null', false],
  // Fields with a type.
  ['cart.total == null', true],
  ['enrollment.key == null', true],
  ['orders[0].total != null', true],
  ['tickets[0].product == null', false],
  ['traits.vip == null ? 1 : 2', 1],
])('%s is %s', (expression, value) => {
  expect(compileCel(expression)).toMatchObject({ ok: true });
  expect(evaluate(expression, scope())).toEqual({ ok: true, value });
});

test('the ids of products in a cart are text, as those of orders', () => {
  const created = scope();
  const items = [
    { product_id: 7, sku: ' s ' },
    { product_id: 'undefined', name: 'Cup' },
  ];
  created.facts.profile.cart = { id: null, total: null, currency: 'EUR', items, at: 0 };
  const expression =
    "cart.items.exists(i, i.product_id == '7' && i.sku == 's') && !has(cart.items[1].product_id)";
  expect(evaluate(expression, created)).toEqual({ ok: true, value: true });
});

test('an item that is not there fails, as without a comparison', () => {
  expect(evaluate('orders[9].total == null', scope())).toMatchObject({ ok: false });
});

test('a comparison inside of what is compared is evaluated as it is written', () => {
  const inside = (name: string) => `[{'a': traits.${name} == null}][0].a != null`;
  expect(evaluate(inside('plan'), scope())).toEqual({ ok: true, value: true });
  expect(evaluate(inside('vip'), scope())).toMatchObject({ ok: false });
});

test('a very long path is asked for as it is', () => {
  const path = `traits${'.a'.repeat(40)}`;
  expect(compileCel(`${path} == null`)).toMatchObject({ ok: true });
  expect(evaluate(`${path} == null`, scope())).toMatchObject({ ok: false });
});

test('a mistake beside a comparison with null is shown at its own place', () => {
  expect(compileCel('traits.address.city == null && cart.totl > 1')).toMatchObject({
    ok: false,
    position: 'traits.address.city == null && cart.'.length,
  });
  expect(compileCel('traits.vip == null && traits.visits / 2 > 1')).toMatchObject({
    ok: false,
    message: expect.stringContaining('write 2.0'),
  });
  expect(compileCel('traits == null')).toMatchObject({ ok: false });
});
