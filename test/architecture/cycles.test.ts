import { expect, test } from 'vitest';
import { buildImportGraph, findCycles } from './import-graph.ts';

test('no files import one another in a circle, type-only imports included', () => {
  expect(findCycles(buildImportGraph(['src', 'db', 'bench', 'test', 'docs']))).toEqual([]);
});

test('a circle of two files, a circle of three and a file that imports itself are found: a control', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['a', 'c']],
    ['c', ['d']],
    ['d', ['e']],
    ['e', ['c']],
    ['f', ['f', 'a']],
    ['g', ['a']],
  ]);
  expect(findCycles(graph).sort()).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
});
