import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listFiles } from '../architecture/import-graph.ts';
import { ROOT } from '../support/paths.ts';

/** `clock_timestamp()` may change within a statement, so a comparison with it is no condition of an index. */
const VOLATILE = /[<>]=?\s*\(*(extract\(epoch from )?clock_timestamp\(\)/;
/** `extract` gives a numeric, and a bigint that is compared with one is converted, row by row. */
const NUMERIC = /[<>]=?\s*extract\(epoch from (clock|statement)_timestamp\(\)\)/;

const find = (text: string) => text.split('\n').filter((line) => VOLATILE.test(line) || NUMERIC.test(line));

test('columns are compared with times that an index can use', () => {
  const found = listFiles('db').flatMap((file) =>
    find(readFileSync(path.join(ROOT, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test('finds comparisons that no index can use: a control', () => {
  expect(find("where at < clock_timestamp() - interval '1 day'")).toHaveLength(1);
  expect(find('where wake_at < (extract(epoch from clock_timestamp()) * 1000)::bigint')).toHaveLength(1);
  expect(find('where wake_at < extract(epoch from statement_timestamp()) * 1000')).toHaveLength(1);
  expect(find('where wake_at < (extract(epoch from statement_timestamp()) * 1000)::bigint')).toEqual([]);
  expect(find('set lease_until = clock_timestamp()')).toEqual([]);
});
