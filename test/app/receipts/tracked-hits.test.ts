import { expect, test, vi } from 'vitest';
import { type TrackedHit, TrackedHits } from '../../../src/app/receipts/tracked-hits.ts';
import type { Receipt } from '../../../src/domain/receipt.ts';
import { waitUntil } from '../../support/wait-until.ts';

const log = { warn: () => {} };
const click = (position: number, over: Partial<TrackedHit> = {}): TrackedHit => ({
  workspace: 'aroma',
  deliveryId: 'dlv_1',
  kind: 'clicked',
  at: Date.now(),
  automatic: false,
  url: `https://shop.example/${position}`,
  position,
  ...over,
});

function collect(limits: ConstructorParameters<typeof TrackedHits>[1], isAway = () => false) {
  const recorded: Receipt[] = [];
  const lost = vi.fn();
  const hits = new TrackedHits(
    {
      record: async (_workspace, receipts) => {
        if (isAway()) throw new Error('away');
        recorded.push(...receipts);
      },
      onLost: lost,
      log,
    },
    limits,
  );
  return { hits, recorded, lost };
}

test('hits of one message are judged together: one person’s click, a scanner’s four', async () => {
  const { hits, recorded } = collect({ holdMs: 30 });
  hits.add(click(0));
  hits.add(click(0));
  for (const position of [0, 1, 2, 3]) hits.add(click(position, { deliveryId: 'dlv_2' }));
  hits.add({ workspace: 'aroma', deliveryId: 'dlv_2', kind: 'opened', at: Date.now(), automatic: false });
  await waitUntil(() => Promise.resolve(recorded.length >= 6), 'six receipts');
  const of = (id: string) => recorded.filter(({ deliveryId }) => deliveryId === id);
  expect(of('dlv_1').map(({ kind, position, automatic }) => [kind, position, automatic])).toEqual([
    ['clicked', 0, undefined],
  ]);
  expect(
    of('dlv_2')
      .map(({ kind, automatic }) => [kind, automatic])
      .sort(),
  ).toEqual([
    ['clicked', true],
    ['clicked', true],
    ['clicked', true],
    ['clicked', true],
    ['opened', undefined],
  ]);
  expect(hits.waiting).toBe(0);
});

test('while Postgres is away hits wait; what is too old or too much is counted as lost', async () => {
  let away = true;
  const { hits, recorded, lost } = collect({ holdMs: 5, capacity: 3 }, () => away);
  for (const position of [0, 1]) hits.add(click(position));
  hits.add(click(2, { at: Date.now() - 11 * 60_000 }));
  hits.add(click(9));
  expect(lost).toHaveBeenCalledExactlyOnceWith(1);
  await waitUntil(() => Promise.resolve(lost.mock.calls.length === 2), 'the old one');
  expect([lost.mock.calls[1], hits.waiting]).toEqual([[1], 2]);
  away = false;
  await hits.close();
  expect(recorded).toHaveLength(2);
});

test('closing records what waits', async () => {
  const { hits, recorded, lost } = collect({ holdMs: 60_000 });
  hits.add(click(0));
  await hits.close();
  expect([recorded.length, hits.waiting, lost.mock.calls.length]).toEqual([1, 0, 0]);
});
