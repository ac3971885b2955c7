import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankProducts } from '../../../src/domain/customer/rank-products.ts';
import type { Touch } from '../../../src/domain/customer/touch.ts';
import type { CatalogueProduct } from '../../../src/domain/definition.ts';
import { DAY } from '../../../src/domain/time/time.ts';

const product = (id: string, ...categories: string[]): CatalogueProduct => ({
  id,
  name: id,
  url: 'https://shop.example',
  image: null,
  price: null,
  categories,
});
const PRODUCTS = [product('a', 'x'), product('b', 'x'), product('c', 'y'), product('d')];
const NOW = 1_000 * DAY;
const rank = (touches: Touch[], bought: string[] = []) =>
  rankProducts(
    PRODUCTS,
    {
      touches,
      orders: [
        { id: 'o', status: 'paid', total: 1, currency: 'EUR', at: 1, problem: null, products: bought },
      ],
    },
    NOW,
  ).map(({ product: { id }, reason }) => `${id}${reason === null ? '' : ` ${reason}`}`);

test('what was viewed comes first, then its category, then the catalogue', () => {
  expect(rank([])).toEqual(['a', 'b', 'c', 'd']);
  expect(rank([{ at: NOW, kind: 'view', item: 'c', category: 'y' }])).toEqual(['c viewed', 'a', 'b', 'd']);
  expect(rank([{ at: NOW, kind: 'view', item: 'b' }])).toEqual(['b viewed', 'a category', 'c', 'd']);
  expect(rank([{ at: NOW, kind: 'view', category: 'y' }])).toEqual(['c category', 'a', 'b', 'd']);
});

test('a cart weighs more than a view, an old interest less, a machine nothing', () => {
  const view = (item: string, at = NOW): Touch => ({ at, kind: 'view', item });
  expect(rank([view('c'), { at: NOW, kind: 'cart', item: 'd' }])[0]).toBe('d viewed');
  expect(rank([view('c', NOW - 60 * DAY), view('d')])[0]).toBe('d viewed');
  expect(rank([{ ...view('c'), machine: true }])).toEqual(['a', 'b', 'c', 'd']);
});

test('D-1 what was bought comes last, and speaks for its category', () => {
  expect(rank([{ at: NOW, kind: 'view', item: 'a' }], ['a'])).toEqual(['b category', 'c', 'd', 'a category']);
});

test('every product is listed once, whatever was touched', () => {
  const touch = fc.record({
    at: fc.integer({ min: 0, max: NOW + DAY }),
    kind: fc.constantFrom('view', 'cart', 'wish', 'purchase', '__proto__'),
    item: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
    category: fc.constantFrom('x', 'y', 'constructor'),
  });
  fc.assert(
    fc.property(fc.array(touch), (touches) => {
      expect(
        rank(touches)
          .map((text) => text[0])
          .sort(),
      ).toEqual(['a', 'b', 'c', 'd']);
    }),
  );
});
