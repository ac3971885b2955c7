import type { components } from '../../api/schema.d.ts';
import type { JourneyGraph } from '../../journey-graph/from-journey.ts';

export type Holds = components['schemas']['HoldsReport'];

/** A rule, how many decisions it held back, and at which steps and actions. */
export interface HoldRow {
  gate: string;
  code: string;
  rule: string | null;
  decisions: number;
  held: number;
  places: { step: string | null; action: string; decisions: number }[];
}

/** The steps that decide, with the actions that each offers. */
export interface DecidingStep {
  step: string;
  actions: readonly string[];
}

export function listDecidingSteps({ nodes }: Pick<JourneyGraph, 'nodes'>): DecidingStep[] {
  return nodes.flatMap(({ id, actions }) => (actions ? [{ step: id, actions }] : []));
}

/**
 * One row per rule. Of one step, one row per rule and action: a decision may block several actions of a step, so their
 * numbers cannot be added up.
 */
export function listHoldRows(report: Holds, steps: readonly DecidingStep[], step?: string): HoldRow[] {
  const offered = steps.find((item) => item.step === step)?.actions;
  const stepsOf = (action: string) => {
    const found = steps.filter((item) => item.actions.includes(action)).map((item) => item.step);
    return found.length === 0 ? [null] : found;
  };
  if (!offered)
    return report.rules.map(({ actions, ...rule }) => ({
      ...rule,
      places: actions.flatMap(({ action, decisions }) =>
        stepsOf(action).map((place) => ({ step: place, action, decisions })),
      ),
    }));
  return report.rules
    .flatMap(({ gate, code, rule, actions }) =>
      actions
        .filter(({ action }) => offered.includes(action))
        .map(({ action, decisions, held }) => ({
          gate,
          code,
          rule,
          decisions,
          held,
          places: [{ step: step ?? null, action, decisions }],
        })),
    )
    .sort((a, b) => b.held - a.held || b.decisions - a.decisions);
}
