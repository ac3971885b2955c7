import { DAY } from '../../../../src/domain/time/time.ts';
import { cdnow, ENDED } from '../../../learning/scores/cdnow.ts';
import type { BundleFile } from '../../../support/bundles.ts';
import { buildJourneyFile, buildSegmentsFile, buildSmallBundle } from '../../../support/sweep-fixtures.ts';
import type { TestEvent, TestSystem } from '../../../support/system.ts';

const REST = '{ id: rest, wait: { until: [{ after: 300d }] } }';

/** Who is overdue is to be won back, and once more when lapsed; champions are those of high recency and frequency. */
export function winBackBundle(): BundleFile[] {
  return buildSmallBundle(
    buildJourneyFile('win-back', '{ date: scores.overdueAt, at: "09:00", repeat: once }', {
      steps: `[{ id: late, wait: { until: [{ date: scores.lapsedAt }] } }, ${REST}]`,
    }),
    buildJourneyFile('champions', '{ segment: champions, on: enter, backfill: true }'),
    buildSegmentsFile({ champions: 'has(scores.r) && scores.r >= 4.0 && scores.f >= 4.0' }),
  );
}

/** The purchases of some CDNOW customers, shifted so that the last day is `daysAgo` days before `now`. */
export function purchasesOf(from: number, to: number, now: number, daysAgo = 1): TestEvent[] {
  const shift = now - daysAgo * DAY - ENDED;
  return cdnow()
    .slice(from, to)
    .flatMap(({ purchases }, n) =>
      purchases.map(({ at, amount }, i) => ({
        name: 'Order Completed',
        userId: `u-${from + n}`,
        messageId: `u-${from + n}-${i}`,
        at: at + shift,
        historical: true,
        properties: { order_id: `o-${from + n}-${i}`, total: amount / 100 },
      })),
    );
}

export async function acceptAll(system: TestSystem, events: TestEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 500)
    for (const receipt of await system.accept(...events.slice(from, from + 500)))
      if (receipt.status === 'rejected') throw new Error(JSON.stringify(receipt));
}
