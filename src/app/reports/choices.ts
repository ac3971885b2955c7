import { type ActionChoice, readActionChoices } from '../../../db/reports/action-evidence.ts';
import { readMoneyActions } from '../../../db/reports/money-actions.ts';
import type { Span } from '../../../db/reports/span.ts';
import type { ReportDeps } from './report-deps.ts';
import { computeQuality, type PredictionQuality } from './tally-predictions.ts';

/** Arbitrated decisions that are looked through for an action, newest first. */
const MOST_DECISIONS = 50_000;

/** The times that an action was chosen in an arbitration and that a reward was expected. */
export interface ActionChoices extends PredictionQuality {
  chosen: number;
  /** Of those, drawn for a customer of the exploration share. */
  explored: number;
  /** Null without choices. */
  meanPropensity: number | null;
  leastPropensity: number | null;
  /** Rewards of the choices, by state. */
  rewards: { state: string; count: number }[];
}

/** Counts the choices of an action from the rows. */
export async function countChoices(
  { db: { sql } }: ReportDeps,
  span: Span,
  action: string,
): Promise<ActionChoices> {
  const choices = await readActionChoices(sql, span, action, MOST_DECISIONS);
  const isMoney = await readMoneyActions(sql, span.workspace, choices);
  const propensities = choices.map(({ propensity }) => propensity);
  return {
    chosen: choices.length,
    explored: choices.filter(({ explored }) => explored).length,
    meanPropensity:
      choices.length === 0 ? null : propensities.reduce((sum, n) => sum + n, 0) / choices.length,
    leastPropensity: choices.length === 0 ? null : propensities.reduce((a, b) => Math.min(a, b)),
    rewards: countStates(choices),
    ...computeQuality(choices.filter(isPredicted).map((choice) => ({ ...choice, money: isMoney(choice) }))),
  };
}

type Predicted = ActionChoice & { predicted: number; reward: number };

function isPredicted(choice: ActionChoice): choice is Predicted {
  return choice.state === 'counted' && choice.predicted !== null && choice.reward !== null;
}

function countStates(choices: readonly ActionChoice[]): ActionChoices['rewards'] {
  const counts = new Map<string, number>();
  for (const { state } of choices) counts.set(state, (counts.get(state) ?? 0) + 1);
  return sortStates([...counts].map(([state, count]) => ({ state, count })));
}

/** In descending order of their number. */
export function sortStates(states: ActionChoices['rewards']): ActionChoices['rewards'] {
  return states.sort((a, b) => b.count - a.count || (a.state < b.state ? -1 : 1));
}
