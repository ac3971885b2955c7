import type { Funnel } from '../funnel.ts';
import { type DayCount, FunnelDays } from '../funnel-days.ts';
import type { ReportDeps } from '../report-deps.ts';
import type { CandidateFilter } from '../tally-funnel.ts';
import { type Cell, type Counts, readReportCells } from './counted-cells.ts';

/** The funnel from the counts: of all decisions, never of a sample. */
export async function readCountedFunnel(
  deps: ReportDeps,
  counts: Counts,
  filter: CandidateFilter,
): Promise<Funnel> {
  const isFiltered = filter.action !== undefined || filter.journey !== undefined;
  const cells = await readReportCells(deps, counts, {
    byDay: isFiltered ? ['judged'] : ['judged', 'reasons', 'sent'],
    ...(isFiltered && {
      matching: { byDay: ['candidates', 'repeated', 'blocked', 'sent'], part: partOf(filter) },
    }),
  });
  const days = isFiltered ? sumFiltered(cells, filter) : sumAll(cells);
  const total = cells('judged').reduce((sum, { sums: [decisions = 0] }) => sum + decisions, 0);
  return { decisions: { total, examined: total, sampled: false }, days };
}

/** What the key of each cell contains that the filter wants. */
function partOf({ action, journey }: CandidateFilter): string {
  const first = action === undefined ? '' : `[${JSON.stringify(action)}`;
  return journey === undefined ? `${first},` : `${first},${JSON.stringify(journey)}`;
}

function sumAll(cells: (report: string) => Cell[]): DayCount[] {
  const days = new FunnelDays();
  for (const { period, sums } of cells('judged')) {
    const day = days.of(period);
    const [decisions = 0, candidates = 0, eligible = 0, ranked = 0, chosen = 0] = sums;
    Object.assign(day, { decisions, candidates, eligible, ranked, chosen });
  }
  for (const { period, sums } of cells('sent')) days.of(period).sent += sums[0] ?? 0;
  for (const { period, key, sums } of cells('reasons')) {
    const [gate, code] = key as [string, string];
    days.addBlocked(period, { gate, code }, sums[0] ?? 0);
  }
  return days.list();
}

function sumFiltered(cells: (report: string) => Cell[], { action, journey }: CandidateFilter): DayCount[] {
  const days = new FunnelDays();
  const wanted = (report: string) =>
    cells(report).filter(
      ({ key }) =>
        (action === undefined || key[0] === action) && (journey === undefined || key[1] === journey),
    );
  for (const { period, key, sums } of wanted('candidates')) {
    const day = days.of(period);
    const [candidates = 0, eligible = 0, decisions = 0] = sums;
    day.decisions += decisions;
    day.candidates += candidates;
    day.eligible += eligible;
    if (key[2] !== 'blocked') day.ranked += candidates;
    if (key[2] === 'chosen') day.chosen += candidates;
  }
  for (const { period, key, sums } of cells('repeated'))
    if (key[0] === (action ?? null) && key[1] === (journey ?? null))
      days.of(period).decisions -= sums[0] ?? 0;
  for (const { period, sums } of wanted('sent')) days.of(period).sent += sums[0] ?? 0;
  for (const { period, key, sums } of wanted('blocked')) {
    const [, , gate, code] = key as [string, string | null, string, string];
    days.addBlocked(period, { gate, code }, sums[0] ?? 0);
  }
  return days.list();
}
