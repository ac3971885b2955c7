import { type JourneyCount, viewJourneyCounts } from '../../../db/journeys/journey-counts.ts';
import { countParkedCustomers, type ParkedCount } from '../../../db/journeys/parked-customers.ts';
import { readTimesSoFar, type StepTime } from '../../../db/journeys/step-times.ts';
import type { Instant } from '../../domain/time/time.ts';
import { type Counts, findCounts, readReportCells } from './counted/counted-cells.ts';
import { listJourneyCounts, listParked, listTimes } from './counted/positions.ts';
import type { ReportDeps } from './report-deps.ts';

/** Up to so many enrollments are counted from the rows, as they are now. */
const MOST_ROWS = 20_000;
/** The first version of the counts that has positions. */
const SINCE = 5;

/** Open and ended enrollments of journeys, as of `countedAt`. */
export interface JourneyTotals {
  counts: JourneyCount[];
  countedAt: Instant;
}

/** The same of one journey, with where its customers are and how long they have been there. */
export interface JourneyPositions extends JourneyTotals {
  parked: ParkedCount[];
  times: StepTime[];
}

/** Counts the enrollments of every journey: the rows if they are few, and otherwise as the job has counted them. */
export async function readJourneyTotals(
  deps: ReportDeps,
  workspace: string,
  now: Instant,
  mostRows = MOST_ROWS,
): Promise<JourneyTotals> {
  const counts = await findMany(deps, { workspace, now, mostRows });
  if (counts === null) return { counts: await viewJourneyCounts(deps.db.sql, workspace), countedAt: now };
  const cells = await readReportCells(deps, counts, { always: ['journeys'] });
  return { counts: listJourneyCounts(cells('journeys')), countedAt: counts.countedAt };
}

/** As `readJourneyTotals`, of one journey with its steps. */
export async function readJourneyPositions(
  deps: ReportDeps,
  workspace: string,
  journey: string,
  now: Instant,
  mostRows = MOST_ROWS,
): Promise<JourneyPositions> {
  const { sql } = deps.db;
  const counts = await findMany(deps, { workspace, now, mostRows }, journey);
  if (counts === null)
    return {
      counts: await viewJourneyCounts(sql, workspace, journey),
      parked: await countParkedCustomers(sql, workspace, journey),
      times: await readTimesSoFar(sql, workspace, journey, now),
      countedAt: now,
    };
  const part = `[${JSON.stringify(journey)},`;
  const cells = await readReportCells(deps, counts, {
    matching: { always: ['journeys', 'positions', 'since'], part },
  });
  const own = (report: string) => cells(report).filter(({ key }) => key[0] === journey);
  return {
    counts: listJourneyCounts(own('journeys')),
    parked: listParked(own('positions')),
    times: listTimes(own('since'), now),
    countedAt: counts.countedAt,
  };
}

/** The counts of the workspace, if they have many enrollments: of all journeys, or of one. */
async function findMany(
  deps: ReportDeps,
  { workspace, now, mostRows }: { workspace: string; now: Instant; mostRows: number },
  journey?: string,
): Promise<Counts | null> {
  const counts = await findCounts(deps, workspace, { from: now, to: now }, now);
  if (counts === null || counts.settings.version < SINCE) return null;
  const cells = await readReportCells(deps, counts, { always: ['journeys'] });
  const enrollments = cells('journeys')
    .filter(({ key }) => journey === undefined || key[0] === journey)
    .reduce((sum, { sums: [open = 0, ended = 0] }) => sum + open + ended, 0);
  return enrollments > mostRows ? counts : null;
}
