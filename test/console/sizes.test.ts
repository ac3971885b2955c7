import { beforeAll, expect, test } from 'vitest';
import { buildProduct } from '../support/product.ts';
import { measureRoutes, type RouteSize } from './support/manifest.ts';

const KB = 1_000;
const FIRST = 250 * KB;
const ANY = 350 * KB;
const START = 'pages/start/start-page.tsx';

let routes: RouteSize[] = [];
beforeAll(() => {
  buildProduct();
  routes = measureRoutes();
}, 120_000);

test('the start page loads at most 250 KB of script and style, packed with gzip', () => {
  const start = routes.find(({ page }) => page === START);
  expect(start?.bytes).toBeGreaterThan(50 * KB);
  expect(start?.bytes).toBeLessThanOrEqual(FIRST);
});

test('no page loads more than 350 KB, with everything that it loads later', () => {
  expect(routes.length).toBeGreaterThanOrEqual(15);
  const report = routes.map(({ page, bytes }) => `${page}: ${Math.round(bytes / KB)} KB`).sort();
  console.log(report.join('\n'));
  expect(routes.filter(({ bytes }) => bytes > ANY)).toEqual([]);
});
