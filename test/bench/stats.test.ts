import { expect, test } from 'vitest';
import { buildShopEvent, shuffleNumbers } from '../../bench/events.ts';
import { compareWithGoal, formatResults, type Result } from '../../bench/result.ts';
import { median, percentile, runRounds, summarize } from '../../bench/stats.ts';

test('median returns the middle value, or the mean of the two middle values', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(median([])).toBeNaN();
});

test('percentile returns one of the values, by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 0.5)).toBe(50);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile([7], 0.99)).toBe(7);
});

test('summarize returns the median of the rounds’ ratios, not the ratio of the medians', () => {
  const summary = summarize([
    { ours: 10, floor: 20 },
    { ours: 30, floor: 100 },
    { ours: 40, floor: 50 },
  ]);
  expect(summary).toEqual({ ours: 30, floor: 50, ratio: 0.5 });
});

test('runRounds runs at least two rounds, and no more once the time is up', async () => {
  let count = 0;
  const measure = async () => count++;
  expect(await runRounds(5, 60_000, measure)).toEqual([0, 1, 2, 3, 4]);
  expect(await runRounds(5, 0, measure)).toHaveLength(2);
});

test('compareWithGoal compares the ratio if there is a floor, otherwise the value', () => {
  const result: Result = { part: 'x', measure: 'x', ours: 13, floor: 10, unit: 'ms', ratio: 1.3, goal: null };
  expect(compareWithGoal(result)).toBeNull();
  expect(compareWithGoal({ ...result, goal: { at: 'most', value: 1.5 } })).toBe('met');
  expect(compareWithGoal({ ...result, goal: { at: 'least', value: 1.5 } })).toBe('not met');
  expect(compareWithGoal({ ...result, floor: null, ratio: null, goal: { at: 'most', value: 12 } })).toBe(
    'not met',
  );
});

test('formatResults returns one line of equal length per result', () => {
  const results: Result[] = [
    {
      part: 'a',
      measure: 'fast',
      ours: 12_345.6,
      floor: 20_000,
      unit: 'events/s',
      ratio: 0.617,
      goal: { at: 'least', value: 0.5 },
    },
    {
      part: 'd',
      measure: 'short',
      ours: 12,
      floor: null,
      unit: 'events',
      ratio: null,
      goal: { at: 'most', value: 12 },
    },
  ];
  const lines = formatResults(results).split('\n');
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toMatch(/12,346 events\/s \| 20,000 events\/s \| +0\.62 \| +≥ 0\.5 \| met/);
});

test('shuffleNumbers visits every number once, and one shop event in ten is an order', () => {
  for (const count of [1, 2, 100, 250, 400, 20_000]) expect(new Set(shuffleNumbers(count)).size).toBe(count);
  const names = shuffleNumbers(100).map((customer) => buildShopEvent(customer, 'm').event);
  expect(names.filter((name) => name === 'Order Completed')).toHaveLength(10);
});
