import { countActionChoices } from '../../../../db/reports/action-evidence.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { toDay, toWindow } from '../count/periods.ts';
import { RECENT_DAYS } from '../count/reward-cells.ts';
import type { ReportDeps } from '../report-deps.ts';
import { readReportCells } from './counted-cells.ts';
import { readCountedOr } from './read-counted.ts';

/** Arbitrated decisions that are looked through before the first count, newest first. */
const MOST_DECISIONS = 50_000;

export type RecentChoices = ReadonlyMap<string, { chosen: number; explored: number }>;

/** How often each action was chosen in the last 28 days, and how often for a customer of the exploration share. */
export async function readRecentChoices(
  deps: ReportDeps,
  workspace: string,
  now: Instant,
): Promise<RecentChoices> {
  const { from, to } = toWindow(RECENT_DAYS, toDay(now));
  const { report } = await readCountedOr<RecentChoices>(
    deps,
    { workspace, period: { from, to }, now },
    {
      ofCustomers: true,
      since: 3,
      async counted(counts) {
        const cells = await readReportCells(deps, counts, { byPeriod: ['recent'] });
        return new Map(
          cells('recent').map(({ key: [action], sums: [chosen = 0, explored = 0] }) => [
            String(action),
            { chosen, explored },
          ]),
        );
      },
      recount: (period) => countActionChoices(deps.db.sql, { workspace, ...period }, MOST_DECISIONS),
    },
  );
  return report;
}
