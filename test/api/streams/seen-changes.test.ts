import { expect, it } from 'vitest';
import { MOST_CHANGES, type RecentChanges } from '../../../db/changes/recent-changes.ts';
import { nameTopic, SeenChanges } from '../../../src/api/streams/seen-changes.ts';

const TOPIC = { workspace: 'aroma', topic: 'deliveries' } as const;

function found(keys: string[], list: string | null = null): RecentChanges[] {
  return [{ ...TOPIC, list, changes: keys.map((key) => ({ key, customerId: `customer of ${key}` })) }];
}

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `d${from + n}`);

it('finds a change that is older than those that were seen, and nothing in changes that grow old', () => {
  const seen = new SeenChanges();
  expect(seen.compare(found(['d2', 'd3'])).topics.size).toBe(0);
  expect([...seen.compare(found(['d1', 'd2', 'd3'])).customers]).toEqual(['customer of d1']);
  expect(seen.compare(found(['d3'])).topics.size).toBe(0);
  expect(seen.compare(found([])).topics.size).toBe(0);
  expect([...seen.compare(found(['d4'])).topics]).toEqual([nameTopic(TOPIC)]);
});

it('finds that a record has left a list', () => {
  const seen = new SeenChanges();
  seen.compare(found([], 'a'));
  expect(seen.compare(found([], 'a')).topics.size).toBe(0);
  expect(seen.compare(found([], 'b')).topics.size).toBe(1);
});

it('says once more that something has changed after there were too many changes to read them all', () => {
  const seen = new SeenChanges();
  seen.compare(found(numbered(0, MOST_CHANGES)));
  // The same are read: one that committed late may be behind them.
  expect(seen.compare(found(numbered(0, MOST_CHANGES))).topics.size).toBe(0);
  const rest = seen.compare(found(numbered(0, 3)));
  expect([[...rest.topics], [...rest.workspaces]]).toEqual([[nameTopic(TOPIC)], ['aroma']]);
  expect(seen.compare(found(numbered(0, 3))).topics.size).toBe(0);
});

it('compares with nothing when a topic begins to be watched again', () => {
  const seen = new SeenChanges();
  seen.compare(found(['d1']));
  seen.compare([]);
  expect(seen.compare(found(['d2'])).topics.size).toBe(0);
});
