import {
  countDecisions,
  countOutcomes,
  countPolicies,
  type DecisionSpan,
  type OutcomeCount,
  type PolicyCount,
  pageCandidates,
  readJourneysOf,
  readPredictions,
} from '../../../db/reports/decisions.ts';
import { readMoneyActions } from '../../../db/reports/money-actions.ts';
import type { Bundle } from '../../domain/definition.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { takeTurns } from '../take-turns.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { type CandidateCount, CandidateTally, type RuleCount } from './tally-candidates.ts';
import { computeQuality, type PredictionQuality } from './tally-predictions.ts';
import { type DayOfDecisions, ReasonTally } from './tally-reasons.ts';

/** Candidates are much to read, and a sample shows the same drop-off: a report examines this many decisions at most. */
const MOST_DECISIONS = 20_000;
const PAGE = 200;
const MOST_PREDICTIONS = 100_000;

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
  const isMoney = await readMoneyActions(sql, workspace, predictions);
  return buildDecisionsReport(bundle, {
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
    calibration: {
      truncated: predictions.length > MOST_PREDICTIONS,
      ...computeQuality(predictions.map((row) => ({ ...row, money: isMoney(row) }))),
    },
  });
}

interface DecisionCounts {
  decisions: { total: number; examined: number; sampled: boolean };
  outcomes: OutcomeCount[];
  rules: RuleCount[];
  candidates: CandidateCount[];
  days: DayOfDecisions[];
  policies: PolicyCount[];
  calibration: PredictionQuality & { truncated: boolean };
}

/** Builds the report of counts. */
export function buildDecisionsReport(bundle: Bundle, counts: DecisionCounts) {
  const { decisions, outcomes, rules, candidates: candidateCounts, days, policies, calibration } = counts;
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
    calibration,
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
