import { describe, expect, test } from 'vitest';
import { compareMigrations, describeMismatch, type Migration } from '../../db/schema-version.ts';

const [first, second, third] = ['first', 'second', 'third'].map(
  (name, index): Migration => ({ name, hash: `hash of ${name}`, at: 100 * (index + 1) }),
) as [Migration, Migration, Migration];
const BUILD = [first, second];

describe('compareMigrations', () => {
  test.each([
    ['none', [], { kind: 'behind', from: null, to: 'second', missing: ['first', 'second'] }],
    ['the first', [first], { kind: 'behind', from: 'first', to: 'second', missing: ['second'] }],
    ['all', [first, second], { kind: 'current', name: 'second' }],
    ['a further one', [first, second, third], { kind: 'ahead', name: 'second', further: 1 }],
    ['only the last', [second], { kind: 'foreign' }],
    ['one that the build does not have', [{ ...first, hash: 'x' }], { kind: 'foreign' }],
    ['a further one, and one missing', [first, third], { kind: 'foreign' }],
    ['an unknown one between its own', [first, { hash: 'x', at: 150 }, second], { kind: 'foreign' }],
  ] as const)('a database with %s', (_, applied, expected) => {
    expect(compareMigrations(BUILD, [...applied])).toEqual(expected);
  });
});

test.each([
  [{ kind: 'current', name: 'b' }, null],
  [{ kind: 'unreadable' }, null],
  [
    { kind: 'behind', from: null, to: 'b', missing: ['a', 'b'] },
    'the database is empty, and this build needs b: run throughline migrate',
  ],
  [
    { kind: 'behind', from: 'a', to: 'b', missing: ['b'] },
    'the database is at migration a, and this build needs b: run throughline migrate',
  ],
  [
    { kind: 'ahead', name: 'b', further: 2 },
    'the database is 2 migrations ahead of b, the newest of this build: a newer build has migrated it. Upgrade this build, or restore a backup from before',
  ],
  [
    { kind: 'foreign' },
    'the database has migrations that this build does not know: another build has made it. Run that build, or create an empty database and run throughline migrate',
  ],
] as const)('describeMismatch says what to do: %j', (version, text) => {
  expect(describeMismatch(version as Parameters<typeof describeMismatch>[0])).toBe(text);
});
