import { countDecisions, pageCandidates, readJourneysOf } from '../../../db/reports/decisions.ts';
import { takeTurns } from '../take-turns.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { buildHoldsReport, type HoldKey, type HoldsReport, listHolds } from './tally-holds.ts';

/** Candidates are much to read: of more decisions, a sample by id is examined. */
const MOST_DECISIONS = 20_000;
const PAGE = 200;

/** How many decisions of a journey each rule held back, counted from the rows. */
export async function readHoldsReport(
  { db: { sql } }: Pick<ReportDeps, 'db'>,
  workspace: string,
  journey: string,
  period: Period,
): Promise<HoldsReport & { sampled: boolean }> {
  const where = { workspace, ...period };
  const total = await countDecisions(sql, where);
  const span = { ...where, of: total, most: MOST_DECISIONS };
  const counts = new Map<string, { key: HoldKey; decisions: number; held: number }>();
  const decisions = { decisions: 0, held: 0 };
  const giveTurn = takeTurns();
  let after: Parameters<typeof pageCandidates>[2] = null;
  do {
    const page = await pageCandidates(sql, span, after, PAGE);
    const enrollments = page.decisions.flatMap(({ candidates }) =>
      candidates.map((item) => item.enrollmentId),
    );
    const journeys = await readJourneysOf(sql, [...new Set(enrollments)]);
    for (const { candidates } of page.decisions) {
      const holds = listHolds(candidates, (enrollment) => journeys.get(enrollment) ?? null);
      for (const { held, keys } of holds.filter((item) => item.journey === journey)) {
        decisions.decisions++;
        decisions.held += Number(held);
        for (const key of keys) addTo(counts, key, held);
      }
      await giveTurn();
    }
    after = page.next;
  } while (after !== null);
  return { ...buildHoldsReport(decisions, [...counts.values()]), sampled: total > MOST_DECISIONS };
}

function addTo(
  counts: Map<string, { key: HoldKey; decisions: number; held: number }>,
  key: HoldKey,
  held: boolean,
): void {
  const name = JSON.stringify(key);
  const count = counts.get(name) ?? { key, decisions: 0, held: 0 };
  counts.set(name, count);
  count.decisions++;
  count.held += Number(held);
}
