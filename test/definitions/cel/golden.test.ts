import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { goldenHash } from './golden.ts';

const GOLDEN = '52323d80a78fd343d1c982fcd1efeb375822122f536502f258e7bd7c341cb2ae';
const PRINT = fileURLToPath(new URL('print-golden.ts', import.meta.url));

test('I7: conditions, patterns and the steps that they take hash to the stored value', () => {
  expect(goldenHash()).toBe(GOLDEN);
});

/** Executables of other versions, as `.ci/nodes` installs them. */
const others = (process.env.THROUGHLINE_NODES ?? '').split(delimiter).filter(Boolean);

test.skipIf(others.length === 0)(
  'I7: the hash of conditions is the same on every supported version of Node',
  () => {
    const hashes = others.map((node) =>
      execFileSync(node, ['--import', 'tsx', PRINT], { encoding: 'utf8' }).trim(),
    );
    expect(hashes).toEqual(others.map(() => GOLDEN));
  },
  120_000,
);
