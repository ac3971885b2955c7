import {
  type ActionChoice,
  type ActionPause,
  readActionChoices,
  readActionPauses,
} from '../../../db/reports/action-evidence.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { type Calibration, computeCalibration } from '../../learning/evaluation/calibration.ts';
import type { Period, ReportDeps } from '../reports/report-deps.ts';

/** Arbitrated decisions that are looked through for an action, newest first. */
const MOST_DECISIONS = 50_000;
const MOST_PAUSES = 10;

/** What happened when an action was chosen. */
export interface ActionEvidence {
  /** Times that it was chosen in an arbitration and that a reward was expected. */
  chosen: number;
  /** Of those, drawn for a customer of the exploration share. */
  explored: number;
  /** Null without choices. */
  meanPropensity: number | null;
  leastPropensity: number | null;
  /** Rewards of the choices, by state. */
  rewards: { state: string; count: number }[];
  probabilities: Calibration | null;
  /** Mean predicted and observed reward in minor units. */
  amounts: { cases: number; predicted: number; observed: number } | null;
  pauses: ActionPause[];
}

/** Reads what an action's choices of a period came to. */
export async function readActionEvidence(
  { db: { sql }, bundles }: ReportDeps,
  workspace: string,
  action: string,
  period: Period,
): Promise<ActionEvidence> {
  const choices = await readActionChoices(sql, { workspace, ...period }, action, MOST_DECISIONS);
  const money = new Map<number, boolean>();
  for (const { bundleVersion } of choices)
    if (!money.has(bundleVersion))
      money.set(bundleVersion, earnsMoney(await bundles(sql, workspace, bundleVersion), action));
  const predicted = choices.filter(isPredicted);
  const isMoney = ({ bundleVersion }: ActionChoice) => money.get(bundleVersion) === true;
  const propensities = choices.map(({ propensity }) => propensity);
  return {
    chosen: choices.length,
    explored: choices.filter(({ explored }) => explored).length,
    meanPropensity: meanOf(propensities),
    leastPropensity: propensities.length === 0 ? null : propensities.reduce((a, b) => Math.min(a, b)),
    rewards: countStates(choices),
    probabilities: computeCalibration(
      predicted
        .filter((choice) => !isMoney(choice))
        .map((choice) => ({ predicted: choice.predicted, occurred: choice.reward > 0 })),
    ),
    amounts: compareAmounts(predicted.filter(isMoney)),
    pauses: await readActionPauses(sql, workspace, action, MOST_PAUSES),
  };
}

type Predicted = ActionChoice & { predicted: number; reward: number };

function isPredicted(choice: ActionChoice): choice is Predicted {
  return choice.state === 'counted' && choice.predicted !== null && choice.reward !== null;
}

function earnsMoney({ actions }: Bundle, id: string): boolean {
  const action: ActionDef | undefined = actions.find((def) => def.id === id);
  return (action?.reward?.amount ?? null) !== null;
}

function countStates(choices: readonly ActionChoice[]): ActionEvidence['rewards'] {
  const counts = new Map<string, number>();
  for (const { state } of choices) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => ({ state, count })).sort((a, b) => b.count - a.count);
}

function compareAmounts(rows: readonly Predicted[]): ActionEvidence['amounts'] {
  const predicted = meanOf(rows.map((row) => row.predicted));
  const observed = meanOf(rows.map((row) => row.reward));
  return predicted === null || observed === null ? null : { cases: rows.length, predicted, observed };
}

function meanOf(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
