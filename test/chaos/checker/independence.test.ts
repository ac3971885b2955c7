import { expect, test } from 'vitest';
import { listFiles, readImports, resolveImport } from '../../architecture/import-graph.ts';

/** What the checker may share with the rest of the suite: types of what was said, and of what was received. */
const SHARED = ['test/chaos/said', 'test/chaos/receipts'];

test('the checker imports nothing of the product', () => {
  const files = listFiles('test/chaos/checker').filter((file) => !file.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(5);
  const foreign = files.flatMap((file) =>
    readImports(file)
      .filter(({ target }) => target.startsWith('.'))
      .map(({ target }) => resolveImport(file, target))
      .filter((target) => !target.startsWith('test/chaos/checker/'))
      .filter((target) => !SHARED.some((shared) => target.startsWith(shared)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(foreign).toEqual([]);
});
