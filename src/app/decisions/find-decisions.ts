import { readCustomerNames } from '../../../db/customers/customer-name.ts';
import {
  type DecisionPlace,
  type ListedDecision,
  listDecisions,
} from '../../../db/decisions/list-decisions.ts';
import { readJourneysOf } from '../../../db/reports/decisions.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import type { Period, ReportDeps } from '../reports/report-deps.ts';
import { takeTurns } from '../take-turns.ts';

/** Which decisions are wanted. What is missing does not restrict. */
export interface DecisionFilter {
  /** Id of an action that was a candidate. */
  action?: string | undefined;
  /** Journey of a candidate. */
  journey?: string | undefined;
  /** Gate that blocked a candidate. */
  gate?: string | undefined;
  outcome?: string | undefined;
}

/** A decision with the customer's name and the journeys of its candidates. */
export interface FoundDecision extends ListedDecision {
  customerName: string | null;
  journeys: string[];
}

/** Decisions that one search reads at most: their candidates are much to read. */
const MOST_READ = 1_000;
const PAGE = 100;

/**
 * Finds decisions, newest first. `next` is where to go on; a search that read many decisions may return fewer than
 * `limit`, or none, and still has a next place.
 */
export async function findDecisions(
  { db: { sql } }: Pick<ReportDeps, 'db'>,
  workspace: string,
  period: Period,
  { filter, before, limit }: { filter: DecisionFilter; before: DecisionPlace | null; limit: number },
): Promise<{ decisions: FoundDecision[]; next: DecisionPlace | null }> {
  const decisions: Omit<FoundDecision, 'customerName'>[] = [];
  const giveTurn = takeTurns();
  let place = before;
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const rows = await listDecisions(sql, { workspace, ...period }, { before: place, limit: PAGE });
    const enrollments = rows.flatMap(({ candidates }) => candidates.map((item) => item.enrollmentId));
    const journeyOf = await readJourneysOf(sql, [...new Set(enrollments)]);
    for (const row of rows) {
      place = { at: row.at, id: row.id };
      const found = { ...row, journeys: journeysOf(row.candidates, journeyOf) };
      if (matches(found, filter, journeyOf)) decisions.push(found);
      if (decisions.length === limit) return { decisions: await withNames(sql, decisions), next: place };
      await giveTurn();
    }
    if (rows.length < PAGE) return { decisions: await withNames(sql, decisions), next: null };
  }
  return { decisions: await withNames(sql, decisions), next: place };
}

async function withNames(
  sql: ReportDeps['db']['sql'],
  decisions: readonly Omit<FoundDecision, 'customerName'>[],
): Promise<FoundDecision[]> {
  const names = await readCustomerNames(
    sql,
    decisions.map(({ customerId }) => customerId),
  );
  return decisions.map((found) => ({ ...found, customerName: names.get(found.customerId) ?? null }));
}

function journeysOf(
  candidates: readonly JudgedCandidate[],
  journeyOf: ReadonlyMap<string, string>,
): string[] {
  return [...new Set(candidates.flatMap(({ enrollmentId }) => journeyOf.get(enrollmentId) ?? []))].sort();
}

/** Action, journey and gate have to be those of one candidate. */
function matches(
  { outcome, candidates }: Pick<FoundDecision, 'outcome' | 'candidates'>,
  filter: DecisionFilter,
  journeyOf: ReadonlyMap<string, string>,
): boolean {
  if (filter.outcome !== undefined && outcome !== filter.outcome) return false;
  const { action, journey, gate } = filter;
  if (action === undefined && journey === undefined && gate === undefined) return true;
  return candidates.some(
    (candidate) =>
      (action === undefined || candidate.action === action) &&
      (journey === undefined || journeyOf.get(candidate.enrollmentId) === journey) &&
      (gate === undefined || candidate.gates.some((verdict) => !verdict.pass && verdict.gate === gate)),
  );
}
