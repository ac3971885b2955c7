import { readGlobalHoldouts } from '../../../db/reports/arms.ts';
import {
  countTouches,
  readConversions,
  readExperimentEntries,
  readExperimentSubjects,
  readTouches,
} from '../../../db/reports/attribution.ts';
import type { StoredCells } from '../../../db/schema/json.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import { DAY } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { listConversions } from '../../statistics/attribution/conversions.ts';
import { takeTurns } from '../take-turns.ts';
import {
  type AttributionQuery,
  type AttributionResult,
  buildAttribution,
  type ExactCell,
  listWatchedJourneys,
} from './attribution-counts.ts';
import type { SegmentCounts } from './caused.ts';
import { addAttributionCells } from './count/attribution-cells.ts';
import { CellSums, splitCellName } from './count/cell-sums.ts';
import { toReportCells } from './count/report-cells.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

/** Above these limits a report would block the process for too long. */
export const ATTRIBUTION_LIMITS = {
  customers: 200_000,
  touches: 1_000_000,
  conversions: 1_000_000,
  members: 500_000,
};

/** The time that the limits are about. */
const WHEN = 'in the period and its look-back';

export interface AttributionRequest extends AttributionQuery {
  period: Period;
  event: string;
  lookbackDays: number;
}

/** C-10: attribution counted from the rows of the period now. @throws UseCaseError `too_much` */
export async function readAttribution(
  { db }: ReportDeps,
  workspace: string,
  request: AttributionRequest,
): Promise<AttributionResult> {
  const { period, event, bundle, journey } = request;
  const { sql } = db;
  const lookback = request.lookbackDays * DAY;
  const span = { workspace, from: period.from - lookback, to: period.to };
  const sizes = await countTouches(sql, span, ATTRIBUTION_LIMITS.touches);
  requireAtMost(ATTRIBUTION_LIMITS.customers, sizes.customers, `customers were touched ${WHEN}`);
  requireAtMost(ATTRIBUTION_LIMITS.touches, sizes.touches, `contacts ${WHEN}`);
  const [touches, events, entries] = await Promise.all([
    readTouches(sql, span),
    readConversions(sql, { ...span, event }, ATTRIBUTION_LIMITS.conversions),
    readExperimentEntries(
      sql,
      { workspace, from: journey ? 0 : period.from, to: period.to },
      listWatchedJourneys(request),
      ATTRIBUTION_LIMITS.members,
    ),
  ]);
  requireAtMost(ATTRIBUTION_LIMITS.conversions, events.length, `events ${WHEN}`);
  requireAtMost(ATTRIBUTION_LIMITS.members, entries.length, `enrollments ${WHEN}`);
  const { segments, segmentOf } = await readSegments(sql, workspace, request);

  const [touchesOf, eventsOf, entriesOf] = [touches, events, entries].map((rows) =>
    groupBy(rows as { customer: string }[], ({ customer }) => customer),
  ) as [Map<string, typeof touches>, Map<string, typeof events>, Map<string, typeof entries>];
  const sums = new CellSums();
  const giveTurn = takeTurns();
  const { currency } = bundle.workspace;
  for (const customer of new Set([...touchesOf.keys(), ...eventsOf.keys(), ...entriesOf.keys()])) {
    const segment = segmentOf.get(customer);
    addAttributionCells(
      sums,
      {
        touches: touchesOf.get(customer) ?? [],
        conversions: listConversions(eventsOf.get(customer) ?? [], { event, currency }),
        enrollments: entriesOf.get(customer) ?? [],
        segment: segment ?? 0,
        knownSince: segment === undefined ? Number.POSITIVE_INFINITY : 0,
      },
      [{ name: 'asked', ...period }],
      lookback,
    );
    await giveTurn();
  }
  const wanted = { kinds: [request.by], journeys: [journey?.id ?? null] };
  const cells = toExactCells(await toReportCells(sums.toStored(), wanted));
  return buildAttribution(request, {
    cells: (report) => cells.get(report) ?? [],
    chain: async (report) => cells.get(report) ?? [],
    segments,
  });
}

function toExactCells(stored: StoredCells): Map<string, ExactCell[]> {
  const cells = Object.entries(stored).map(([name, sums]) => {
    const { report, key } = splitCellName(name);
    return { report, key, sums: sums.map(BigInt) };
  });
  return groupBy(cells, ({ report }) => report);
}

/** The arms of the global control, divided as the counts divide them; nothing is read where there was none. */
async function readSegments(
  sql: ReportDeps['db']['sql'],
  workspace: string,
  { period, journey }: AttributionRequest,
): Promise<{ segments: SegmentCounts; segmentOf: Map<string, number> }> {
  const { lowest, highest } = await readGlobalHoldouts(sql, { workspace, ...period });
  const holdouts = [...new Set([lowest, highest])];
  const isRead = journey === null && lowest > 0;
  const most = ATTRIBUTION_LIMITS.members;
  const subjects = isRead ? await readExperimentSubjects(sql, workspace, period.to, most) : [];
  requireAtMost(most, subjects.length, 'customers to compare in the period');
  const segmentOf = new Map(
    subjects.map(({ customer, subject }) => [
      customer,
      holdouts.filter((holdout) => !isInGlobalControl(workspace, subject, holdout)).length,
    ]),
  );
  const customers = new Map<number, number>();
  for (const segment of segmentOf.values()) customers.set(segment, (customers.get(segment) ?? 0) + 1);
  return { segments: { holdouts, lowest, highest, customers }, segmentOf };
}
