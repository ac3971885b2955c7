import type { Instant } from '../../../domain/time/time.ts';
import type { Period, ReportDeps } from '../report-deps.ts';
import { type Counts, findCounts } from './counted-cells.ts';

/** A report, when it was counted, and the period that it is about. */
export interface Aged<Report> {
  report: Report;
  countedAt: Instant;
  period: Period;
}

interface Ways<Report> {
  /** Whether it needs numbers per customer, which are counted for windows and months only. */
  ofCustomers: boolean;
  /** The first version of the counts that has it. */
  since?: number;
  counted: (counts: Counts) => Promise<Report>;
  recount: (period: Period) => Promise<Report>;
}

/** Reads a report from the counts if they have its period, and otherwise counts the rows of the period now. */
export async function readCountedOr<Report>(
  deps: ReportDeps,
  { workspace, period, now }: { workspace: string; period: Period; now: Instant },
  { ofCustomers, since = 1, counted, recount }: Ways<Report>,
): Promise<Aged<Report>> {
  const counts = await findCounts(deps, workspace, period, now);
  if (counts === null || (ofCustomers && counts.name === null) || counts.settings.version < since)
    return { report: await recount(period), countedAt: now, period };
  return { report: await counted(counts), countedAt: counts.countedAt, period: counts.period };
}
