import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TimelineItem, TimelineReader } from '../../../src/cli/customer/timeline-reader.ts';
import { item } from '../../sentences/support.ts';

const START = Date.UTC(2026, 10, 29, 14);
const SECOND = 1_000;

/** A timeline as the API pages it: newest first, by time of acceptance and id. */
class FakeTimeline {
  items: TimelineItem[] = [];
  pageSize = 3;
  reads = 0;

  add(id: string, seconds: number, more: Partial<TimelineItem> = {}): void {
    const acceptedAt = new Date(START + seconds * SECOND).toISOString();
    const base = {
      id,
      acceptedAt,
      at: acceptedAt,
      seq: 1,
      source: 't',
      enrollmentId: null,
      decisionId: null,
    };
    this.items.push({ ...item({}), ...base, ...more } as TimelineItem);
  }

  read = async (cursor: string | null) => {
    this.reads++;
    const sorted = [...this.items].sort(
      (a, b) => b.acceptedAt.localeCompare(a.acceptedAt) || b.id.localeCompare(a.id),
    );
    const from = cursor === null ? 0 : Number(cursor);
    const until = from + this.pageSize;
    return {
      data: sorted.slice(from, until),
      nextCursor: until < sorted.length ? String(until) : null,
    };
  };
}

const ids = (items: TimelineItem[]) => items.map(({ id }) => id);
const LAST = { lines: 20, since: null };

test('the past is the last lines, or all since a time, oldest first', async () => {
  const timeline = new FakeTimeline();
  for (let n = 0; n < 10; n++) timeline.add(`e${n}`, n * 100);
  const past = (lines: number, since: number | null) =>
    new TimelineReader(timeline.read).readPast({ lines, since });
  expect(ids(await past(4, null))).toEqual(['e6', 'e7', 'e8', 'e9']);
  expect(ids(await past(0, null))).toEqual([]);
  expect(ids(await past(1, START + 750 * SECOND))).toEqual(['e8', 'e9']);
});

test('what is older than the lines shown does not come later', async () => {
  const timeline = new FakeTimeline();
  for (let n = 0; n < 10; n++) timeline.add(`e${n}`, n);
  const reader = new TimelineReader(timeline.read);
  expect(ids(await reader.readPast({ lines: 2, since: null }))).toEqual(['e8', 'e9']);
  expect(await reader.readNew()).toEqual([]);
  timeline.add('e91', 11);
  expect(ids(await reader.readNew())).toEqual(['e91']);
});

test('an item that commits late, with an earlier time, is shown', async () => {
  const timeline = new FakeTimeline();
  timeline.add('a', 0);
  const reader = new TimelineReader(timeline.read);
  await reader.readPast(LAST);
  timeline.add('c', 30);
  expect(ids(await reader.readNew())).toEqual(['c']);
  timeline.add('b', 10);
  expect(ids(await reader.readNew())).toEqual(['b']);
  expect(await reader.readNew()).toEqual([]);
});

test('a merge brings the other past of a customer, which is not new', async () => {
  const timeline = new FakeTimeline();
  timeline.add('mine', 1_000);
  const reader = new TimelineReader(timeline.read);
  await reader.readPast(LAST);
  for (let n = 0; n < 8; n++) timeline.add(`theirs${n}`, n);
  timeline.add('merged', 1_001);
  expect(ids(await reader.readNew())).toEqual(['merged']);
  expect(await reader.readNew()).toEqual([]);
});

test('a delivery comes again when its state or time changes; passing states only when they last', async () => {
  const timeline = new FakeTimeline();
  let now = 0;
  const reader = new TimelineReader(timeline.read, () => now);
  await reader.readPast(LAST);
  const due = new Date(START + 3_600_000).toISOString();
  timeline.add('d', 1, { kind: 'delivery', at: due, data: { state: 'planned' } });
  expect(ids(await reader.readNew())).toEqual(['d']);
  timeline.items = [];
  timeline.add('d', 2, { kind: 'delivery', data: { state: 'sending' } });
  expect(await reader.readNew()).toEqual([]);
  now = 6_000;
  expect(ids(await reader.readNew())).toEqual(['d']);
  timeline.items = [];
  timeline.add('d', 9, { kind: 'delivery', data: { state: 'cancelled' } });
  expect(ids(await reader.readNew())).toEqual(['d']);
});

test('however items and failures come, each item is returned once, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('add' as const), late: fc.integer({ min: 0, max: 50 }) }),
          fc.record({
            kind: fc.constant('read' as const),
            failsAt: fc.option(fc.integer({ min: 1, max: 3 })),
          }),
        ),
        { maxLength: 60 },
      ),
      fc.integer({ min: 1, max: 5 }),
      async (steps, pageSize) => {
        const timeline = new FakeTimeline();
        timeline.pageSize = pageSize;
        let failsIn = 0;
        const reader = new TimelineReader(async (cursor) => {
          if (failsIn > 0 && --failsIn === 0) throw new Error('the API restarts');
          return timeline.read(cursor);
        });
        timeline.add('first', 0);
        const returned = ids(await reader.readPast(LAST));
        let clock = 0;
        let added = 0;
        for (const step of steps) {
          if (step.kind === 'add') {
            clock += 3;
            timeline.add(`e${added++}`, Math.max(clock - step.late, 0));
            continue;
          }
          failsIn = step.failsAt ?? 0;
          const items = await reader.readNew().catch(() => []);
          failsIn = 0;
          returned.push(...ids(items));
        }
        returned.push(...ids(await reader.readNew()));
        expect([...returned].sort()).toEqual(ids(timeline.items).sort());
      },
    ),
  );
});
