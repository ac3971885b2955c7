import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { listFiles, readImports } from './import-graph.ts';

/** What runs inside of `runWithin`, which may terminate it between any two operations. */
const TERMINATED = [
  'src/domain',
  'src/maths',
  'src/learning',
  'src/engine',
  'src/definitions',
  'src/content',
];

test('work that may be terminated keeps nothing that several operations must change together', () => {
  const files = [...TERMINATED.flatMap(listFiles), 'src/app/time-zones.ts'];
  const linked = files.filter((file) => readImports(file).some(({ target }) => target === 'lru-cache'));
  expect(linked).toEqual([]);
});

test('no module of it has a variable of its own', () => {
  const variables = TERMINATED.flatMap(listFiles).filter((file) =>
    /^(export )?(let|var) /m.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(variables).toEqual([]);
});
