import { readGlobalHoldouts } from '../../../../db/reports/arms.ts';
import { readSomeCells } from '../../../../db/reports/counts/counts.ts';
import { DAY } from '../../../domain/time/time.ts';
import { MOST_TRANSITIONS } from '../../../statistics/attribution/markov.ts';
import {
  type AttributionQuery,
  type AttributionResult,
  buildAttribution,
  listAttributionCells,
} from '../attribution-counts.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type Counts, readReportCells } from './counted-cells.ts';

/** Attribution from the counts, for the event and the look-back that are counted. */
export async function readCountedAttribution(
  deps: ReportDeps,
  query: AttributionQuery,
  counts: Counts,
): Promise<AttributionResult> {
  const { sql } = deps.db;
  const { workspace, period, state, settings, name } = counts;
  const cells = await readReportCells(deps, counts, {
    always: query.journey ? [] : ['members'],
    byPeriod: listAttributionCells(query),
  });
  const customers = new Map<number, number>();
  for (const { key, sums } of cells('members')) {
    const [segment, day] = key as [number, number];
    if (day * DAY < period.to) customers.set(segment, (customers.get(segment) ?? 0) + (sums[0] ?? 0));
  }
  const { lowest, highest } = await readGlobalHoldouts(sql, { workspace, ...period });
  return buildAttribution(query, {
    cells: (report) => cells(report).map(({ key, exact }) => ({ key, sums: exact.map(BigInt) })),
    async chain(report) {
      const place = { report, period: name ?? '' };
      const rows = await readSomeCells(sql, workspace, state.published, place, MOST_TRANSITIONS + 1);
      return rows.map(({ key, sums }) => ({ key: JSON.parse(key), sums: sums.map(BigInt) }));
    },
    segments: { holdouts: settings.holdouts, lowest, highest, customers },
  });
}
