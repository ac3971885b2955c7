import {
  type CandidateCount,
  countCandidates,
  countDecisions,
  countOutcomes,
  countPolicies,
  countRules,
  type PolicyCount,
  type PredictionRow,
  readPredictions,
} from '../../../db/reports/decisions.ts';
import { toMoney } from '../../api/frame/format.ts';
import type { Api } from '../../api/frame/operation.ts';
import { type Period, toPeriodView } from '../../api/reports/period.ts';
import type { Bundle } from '../../domain/definition.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { computeCalibration } from '../../learning/evaluation/calibration.ts';

/** So many are looked at; candidates are wide, and a share shows as well where it drops off. */
const MOST_DECISIONS = 20_000;
const MOST_PREDICTIONS = 100_000;

/** C-11, D-15: where decisions drop off, who decided, and whether the model can be taken at its word. */
export async function readDecisionsReport({ deps }: Api, workspace: string, bundle: Bundle, period: Period) {
  const { sql } = deps.db;
  const where = { workspace, ...period };
  const of = await countDecisions(sql, where);
  const span = { ...where, of, most: MOST_DECISIONS };
  // One after the other: a report may not take all of the pool's connections.
  const outcomes = await countOutcomes(sql, span);
  const fates = await countCandidates(sql, span);
  const rules = await countRules(sql, span);
  const policies = await countPolicies(sql, where);
  const predictions = await readPredictions(sql, where, MOST_PREDICTIONS);
  const money = await moneyActions(deps, workspace, predictions);
  const judged = fates.reduce((sum, fate) => sum + fate.candidates, 0);
  const stageOf = new Map(bundle.journeys.map((journey) => [journey.id, journey.stage]));
  return {
    period: toPeriodView(period),
    decisions: {
      all: of,
      lookedAt: outcomes.reduce((sum, one) => sum + one.decisions, 0),
      sampled: of > MOST_DECISIONS,
    },
    outcomes,
    rules: rules.map(({ leftWithout, customersLeft, leftAlone, ...rule }) => ({
      ...rule,
      share: rule.blocked / judged,
      withoutAction: { decisions: leftWithout, customers: customersLeft, alone: leftAlone },
    })),
    actions: grouped(fates, (fate) => fate.action).map(([action, its]) => ({ action, ...fatesOf(its) })),
    stages: grouped(fates, ({ journey }) => (journey === null ? null : (stageOf.get(journey) ?? null))).map(
      ([stage, its]) => ({ stage, ...fatesOf(its) }),
    ),
    policies: sharesOf(policies),
    calibration: {
      truncated: predictions.length > MOST_PREDICTIONS,
      probabilities: computeCalibration(
        predictions
          .filter((row) => !money.has(keyOf(row)))
          .map(({ predicted, reward }) => ({ predicted, occurred: reward > 0 })),
      ),
      amounts: amountsOf(
        predictions.filter((row) => money.has(keyOf(row))),
        bundle.workspace.currency,
      ),
    },
  };
}

function sharesOf(policies: PolicyCount[]) {
  const all = policies.reduce((sum, one) => sum + one.decisions, 0);
  return policies.map(({ propensity, least, ...one }) => ({
    ...one,
    share: one.decisions / all,
    meanPropensity: propensity,
    leastPropensity: least,
  }));
}

/** In the order of names, what has none last. */
function grouped<Key extends string | null>(
  fates: CandidateCount[],
  keyOfFate: (fate: CandidateCount) => Key,
): [Key, CandidateCount[]][] {
  return [...groupBy(fates, keyOfFate)].sort(([a], [b]) =>
    a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1,
  );
}

function fatesOf(fates: CandidateCount[]) {
  const count = (verdict: string) =>
    fates.filter((fate) => fate.verdict === verdict).reduce((sum, fate) => sum + fate.candidates, 0);
  return {
    judged: fates.reduce((sum, fate) => sum + fate.candidates, 0),
    chosen: count('chosen'),
    outranked: count('outranked'),
    allowed: count('allowed'),
    blocked: count('blocked'),
  };
}

/** Whose reward was an amount, as the definitions had it then. */
async function moneyActions(
  { bundles, db }: Api['deps'],
  workspace: string,
  rows: PredictionRow[],
): Promise<Set<string>> {
  const money = new Set<string>();
  for (const version of new Set(rows.map((row) => row.bundleVersion))) {
    const { actions } = await bundles(db.sql, workspace, version);
    for (const action of actions.filter((one) => (one.reward?.amount ?? null) !== null))
      money.add(keyOf({ action: action.id, bundleVersion: version }));
  }
  return money;
}

function keyOf({ action, bundleVersion }: Pick<PredictionRow, 'action' | 'bundleVersion'>): string {
  return `${bundleVersion}/${action}`;
}

function amountsOf(rows: PredictionRow[], currency: string) {
  if (rows.length === 0) return null;
  const mean = (number: (row: PredictionRow) => number) =>
    toMoney(rows.reduce((sum, row) => sum + number(row), 0) / rows.length, currency);
  return {
    cases: rows.length,
    predicted: mean((row) => row.predicted),
    happened: mean((row) => row.reward),
  };
}
