import { readSentEffects } from '../../../db/reports/decision-effects.ts';
import { countDecisions, pageCandidates, readJourneysOf } from '../../../db/reports/decisions.ts';
import { takeTurns } from '../take-turns.ts';
import type { DayCount } from './funnel-days.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { type CandidateFilter, DayTally } from './tally-funnel.ts';

/** Candidates are much to read: of more decisions, a sample is examined. */
const MOST_DECISIONS = 2_000;
const PAGE = 200;

export interface Funnel {
  /** Decisions of the period in which a choice was due, and those that were examined. */
  decisions: { total: number; examined: number; sampled: boolean };
  days: DayCount[];
}

/** How far candidates got on each day: proposed, eligible, ranked, chosen and sent, and what blocked the others. */
export async function readFunnel(
  { db: { sql } }: Pick<ReportDeps, 'db'>,
  workspace: string,
  period: Period,
  filter: CandidateFilter,
): Promise<Funnel> {
  const where = { workspace, ...period };
  const of = await countDecisions(sql, where);
  const tally = new DayTally();
  const giveTurn = takeTurns();
  let examined = 0;
  let after: Parameters<typeof pageCandidates>[2] = null;
  do {
    const { decisions, next } = await pageCandidates(
      sql,
      { ...where, of, most: MOST_DECISIONS },
      after,
      PAGE,
    );
    const sent = await readSentEffects(sql, {
      decisions: decisions.map(({ id }) => id),
      tasks: decisions.flatMap(({ actions }) => actions.flatMap(({ task }) => task?.id ?? [])),
    });
    const enrollments = [...decisions.flatMap(({ candidates }) => candidates), ...sent].map(
      ({ enrollmentId }) => enrollmentId,
    );
    const isWanted = toPredicate(filter, await readJourneysOf(sql, [...new Set(enrollments)]));
    for (const { id, at, candidates } of decisions) {
      const effects = sent.filter((effect) => effect.decisionId === id && isWanted(effect));
      tally.add(at, candidates.filter(isWanted), effects.length);
      if (candidates.length > 0) examined++;
      await giveTurn();
    }
    after = next;
  } while (after !== null);
  const sampled = of > MOST_DECISIONS;
  return { decisions: { total: sampled ? of : examined, examined, sampled }, days: tally.days };
}

function toPredicate({ action, journey }: CandidateFilter, journeyOf: ReadonlyMap<string, string>) {
  return (item: { action: string; enrollmentId: string }) =>
    (action === undefined || item.action === action) &&
    (journey === undefined || journeyOf.get(item.enrollmentId) === journey);
}
