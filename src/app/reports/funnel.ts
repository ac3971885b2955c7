import { countListed, type DecisionPlace, listDecisions } from '../../../db/decisions/list-decisions.ts';
import { readSentEffects } from '../../../db/reports/decision-effects.ts';
import { readJourneysOf } from '../../../db/reports/decisions.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import { takeTurns } from '../take-turns.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { type DayCount, DayTally } from './tally-funnel.ts';

/** Candidates are much to read: of more decisions, a sample is examined. */
const MOST_DECISIONS = 2_000;
const PAGE = 200;

/** Which candidates count. What is missing does not restrict. */
export interface CandidateFilter {
  action?: string | undefined;
  journey?: string | undefined;
}

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
  const span = { workspace, ...period };
  const total = await countListed(sql, span);
  const sample = { of: total, most: MOST_DECISIONS };
  const tally = new DayTally();
  const giveTurn = takeTurns();
  let examined = 0;
  let before: DecisionPlace | null = null;
  do {
    const rows = await listDecisions(sql, span, { before, limit: PAGE, sample });
    const enrollments = rows.flatMap(({ candidates }) => candidates.map((item) => item.enrollmentId));
    const journeyOf = await readJourneysOf(sql, [...new Set(enrollments)]);
    const sent = await readSentEffects(sql, {
      decisions: rows.map(({ id }) => id),
      tasks: rows.flatMap(({ actions }) => actions.flatMap(({ task }) => task?.id ?? [])),
    });
    for (const { id, at, candidates } of rows) {
      const wanted = candidates.filter((candidate) => isWanted(candidate, filter, journeyOf));
      const chosen = new Set(
        wanted.filter(({ verdict }) => verdict === 'chosen').map(({ action }) => action),
      );
      const effects = sent.filter(({ decisionId, action }) => decisionId === id && chosen.has(action));
      tally.add(at, wanted, effects.length);
      await giveTurn();
    }
    examined += rows.length;
    const last = rows.length === PAGE ? rows.at(-1) : undefined;
    before = last ? { at: last.at, id: last.id } : null;
  } while (before !== null);
  return { decisions: { total, examined, sampled: total > MOST_DECISIONS }, days: tally.days };
}

function isWanted(
  candidate: JudgedCandidate,
  { action, journey }: CandidateFilter,
  journeyOf: ReadonlyMap<string, string>,
): boolean {
  return (
    (action === undefined || candidate.action === action) &&
    (journey === undefined || journeyOf.get(candidate.enrollmentId) === journey)
  );
}
