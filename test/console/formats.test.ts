import { expect, test } from 'vitest';
import { createScale } from '../../console/src/components/chart/scale.ts';
import { createFormat } from '../../console/src/format/format.ts';
import { toWords } from '../../console/src/format/to-words.ts';

const english = createFormat('en');
const indonesian = createFormat('id');

test('days and months of reports, which are in UTC, are written as words', () => {
  expect(english.day('2026-11-29')).toBe('29 Nov');
  expect(english.month('2026-11')).toBe('Nov 2026');
  expect(indonesian.month('2026-12')).toBe('Des 2026');
});

test('a language is named, and a tag that is none stays as it is', () => {
  expect(english.language('id-ID')).toBe('Indonesian (Indonesia)');
  expect(indonesian.language('de')).toBe('Jerman');
  expect(english.language('not a tag')).toBe('not a tag');
});

test('a code of a sender is written as words', () => {
  expect(toWords('insufficient_funds')).toBe('Insufficient funds');
  expect(toWords('')).toBe('');
});

test.each([
  { values: [0, 1], ticks: [0, 1] },
  { values: [3], ticks: [0, 1, 2, 3] },
  { values: [10], ticks: [0, 5, 10] },
  { values: [0.5, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
  { values: [], ticks: [0, 1] },
])('an axis of $values has lines at $ticks: counts have none between whole numbers', ({ values, ticks }) => {
  expect(createScale(values, {}).ticks).toEqual(ticks);
});
