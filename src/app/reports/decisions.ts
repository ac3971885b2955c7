import {
  countDecisions,
  countOutcomes,
  countPolicies,
  type DecisionSpan,
  type OutcomeCount,
  type PolicyCount,
  type PredictionRow,
  pageCandidates,
  readJourneysOf,
  readPredictions,
} from '../../../db/reports/decisions.ts';
import type { Bundle } from '../../domain/definition.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { computeCalibration } from '../../learning/evaluation/calibration.ts';
import { takeTurns } from '../take-turns.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { type CandidateCount, CandidateTally, type RuleCount } from './tally-candidates.ts';
import { type DayOfDecisions, ReasonTally } from './tally-reasons.ts';

/** Candidates are much to read, and a sample shows the same drop-off: a report examines this many decisions at most. */
const MOST_DECISIONS = 20_000;
const PAGE = 200;
export const MOST_PREDICTIONS = 100_000;

/**
 * C-11, D-15: which rules block candidates, which policy chose, and how predictions compare with what happened.
 * Amounts are in minor units.
 */
export async function readDecisionsReport(
  deps: ReportDeps,
  workspace: string,
  bundle: Bundle,
  period: Period,
) {
  const { sql } = deps.db;
  const where = { workspace, ...period };
  const total = await countDecisions(sql, where);
  const span = { ...where, of: total, most: MOST_DECISIONS };
  // One query after the other, so that a report does not occupy the whole connection pool.
  const outcomes = await countOutcomes(sql, span);
  const { tally, days } = await tallyCandidates(deps, span);
  const { counts: candidateCounts, rules } = tally;
  const policies = await countPolicies(sql, where);
  const predictions = await readPredictions(sql, where, MOST_PREDICTIONS);
  return buildDecisionsReport(deps, workspace, bundle, {
    decisions: {
      total,
      examined: outcomes.reduce((sum, outcome) => sum + outcome.decisions, 0),
      sampled: total > MOST_DECISIONS,
    },
    outcomes,
    rules,
    candidates: candidateCounts,
    days: days.days,
    policies,
    predictions,
  });
}

interface DecisionCounts {
  decisions: { total: number; examined: number; sampled: boolean };
  outcomes: OutcomeCount[];
  rules: RuleCount[];
  candidates: CandidateCount[];
  days: DayOfDecisions[];
  policies: PolicyCount[];
  predictions: PredictionRow[];
}

/** Builds the report of counts. */
export async function buildDecisionsReport(
  deps: ReportDeps,
  workspace: string,
  bundle: Bundle,
  counts: DecisionCounts,
) {
  const { decisions, outcomes, rules, candidates: candidateCounts, days, policies, predictions } = counts;
  const money = await readMoneyActions(deps, workspace, predictions);
  const judged = candidateCounts.reduce((sum, count) => sum + count.candidates, 0);
  const stageOf = new Map(bundle.journeys.map((journey) => [journey.id, journey.stage]));
  return {
    decisions,
    outcomes,
    rules: rules.map(({ leftWithout, customersLeft, leftAlone, ...rule }) => ({
      ...rule,
      share: rule.blocked / judged,
      withoutAction: { decisions: leftWithout, customers: customersLeft, alone: leftAlone },
    })),
    actions: groupCounts(candidateCounts, (count) => count.action).map(([action, counts]) => ({
      action,
      ...sumVerdicts(counts),
    })),
    stages: groupCounts(candidateCounts, ({ journey }) =>
      journey === null ? null : (stageOf.get(journey) ?? null),
    ).map(([stage, counts]) => ({ stage, ...sumVerdicts(counts) })),
    days,
    policies: addShares(policies),
    calibration: {
      truncated: predictions.length > MOST_PREDICTIONS,
      probabilities: computeCalibration(
        predictions
          .filter((row) => !money.has(toKey(row)))
          .map(({ predicted, reward }) => ({ predicted, occurred: reward > 0 })),
      ),
      amounts: meanAmounts(predictions.filter((row) => money.has(toKey(row)))),
    },
  };
}

async function tallyCandidates({ db: { sql } }: ReportDeps, span: DecisionSpan) {
  const tally = new CandidateTally();
  const days = new ReasonTally();
  const giveTurn = takeTurns();
  let after: Parameters<typeof pageCandidates>[2] = null;
  do {
    const { decisions, next } = await pageCandidates(sql, span, after, PAGE);
    const enrollments = decisions.flatMap(({ candidates }) => candidates.map((item) => item.enrollmentId));
    const journeys = await readJourneysOf(sql, [...new Set(enrollments)]);
    for (const decision of decisions) {
      tally.add(decision, (enrollment) => journeys.get(enrollment) ?? null);
      days.add(decision);
      await giveTurn();
    }
    after = next;
  } while (after !== null);
  return { tally, days };
}

function addShares(policies: PolicyCount[]) {
  const all = policies.reduce((sum, policy) => sum + policy.decisions, 0);
  return policies.map(({ propensity, least, ...counts }) => ({
    ...counts,
    share: counts.decisions / all,
    meanPropensity: propensity,
    leastPropensity: least,
  }));
}

/** Counts by key in alphabetical order; null last. */
function groupCounts<Key extends string | null>(
  candidateCounts: CandidateCount[],
  keyOfCount: (count: CandidateCount) => Key,
): [Key, CandidateCount[]][] {
  return [...groupBy(candidateCounts, keyOfCount)].sort(([a], [b]) =>
    a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1,
  );
}

function sumVerdicts(candidateCounts: CandidateCount[]) {
  const countVerdict = (verdict: string) =>
    candidateCounts
      .filter((count) => count.verdict === verdict)
      .reduce((sum, count) => sum + count.candidates, 0);
  return {
    judged: candidateCounts.reduce((sum, count) => sum + count.candidates, 0),
    chosen: countVerdict('chosen'),
    outranked: countVerdict('outranked'),
    allowed: countVerdict('allowed'),
    blocked: countVerdict('blocked'),
  };
}

/** Actions whose reward is an amount of money, by the bundle that decided. */
async function readMoneyActions(
  { bundles, db }: ReportDeps,
  workspace: string,
  rows: PredictionRow[],
): Promise<Set<string>> {
  const money = new Set<string>();
  for (const version of new Set(rows.map((row) => row.bundleVersion))) {
    const { actions } = await bundles(db.sql, workspace, version);
    for (const action of actions.filter((action) => (action.reward?.amount ?? null) !== null))
      money.add(toKey({ action: action.id, bundleVersion: version }));
  }
  return money;
}

function toKey({ action, bundleVersion }: Pick<PredictionRow, 'action' | 'bundleVersion'>): string {
  return `${bundleVersion}/${action}`;
}

/** Mean predicted and observed reward in minor units; null without cases. */
function meanAmounts(rows: PredictionRow[]): { cases: number; predicted: number; observed: number } | null {
  if (rows.length === 0) return null;
  const mean = (amountOf: (row: PredictionRow) => number) =>
    rows.reduce((sum, row) => sum + amountOf(row), 0) / rows.length;
  return {
    cases: rows.length,
    predicted: mean((row) => row.predicted),
    observed: mean((row) => row.reward),
  };
}
