import type { Score, ScoreReason } from './types.ts';

/** One line of the workspace's ideal profile. */
export interface IdealRule {
  id: string;
  /** CEL, true for whom it fits. */
  when: string;
  /** How much it counts beside the others; above 0. */
  weight: number;
}

/** Evaluates a rule for one customer; what the rule may look at is the caller's matter. */
export type EvaluateRule = (when: string) => { ok: true; value: unknown } | { ok: false; error: string };

/**
 * Share of the ideal profile's weight that the customer fits, and what each rule adds. A rule that can't be answered
 * (an attribute isn't known, or not for this use) counts as not fitting and says so. Without rules it is 0.
 */
export function explainTypeFit(rules: readonly IdealRule[], holds: EvaluateRule): Score {
  const weighing = rules.filter(({ weight }) => weight > 0 && Number.isFinite(weight));
  const all = weighing.reduce((sum, { weight }) => sum + weight, 0);
  const because = weighing.map(({ id, when, weight }): ScoreReason => {
    const answer = holds(when);
    if (!answer.ok) return { name: id, observed: `unknown: ${answer.error}`, adds: 0 };
    const fits = answer.value === true;
    return { name: id, observed: fits, adds: fits ? weight / all : 0 };
  });
  return {
    value: Math.min(
      1,
      because.reduce((sum, { adds }) => sum + adds, 0),
    ),
    because,
  };
}
