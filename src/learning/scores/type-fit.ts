import type { Score, ScoreReason } from './types.ts';

/** One line of the workspace's ideal profile. */
export interface IdealRule {
  id: string;
  /** CEL condition, true for customers who fit. */
  when: string;
  /** Weight relative to the other rules; above 0. */
  weight: number;
}

/** Evaluates a rule for one customer. The caller decides which facts the rule may read. */
export type EvaluateRule = (when: string) => { ok: true; value: unknown } | { ok: false; error: string };

/**
 * Computes the share of the ideal profile's weight that the customer fits, and what each rule adds. A rule that fails (an
 * attribute is missing, or not allowed for this use) counts as not fitting, and its reason has the error. Without rules
 * the score is 0.
 */
export function explainTypeFit(rules: readonly IdealRule[], evaluateRule: EvaluateRule): Score {
  const weightedRules = rules.filter(({ weight }) => weight > 0 && Number.isFinite(weight));
  const totalWeight = weightedRules.reduce((sum, { weight }) => sum + weight, 0);
  const because = weightedRules.map(({ id, when, weight }): ScoreReason => {
    const result = evaluateRule(when);
    if (!result.ok) return { name: id, observed: `unknown: ${result.error}`, adds: 0 };
    const fits = result.value === true;
    return { name: id, observed: fits, adds: fits ? weight / totalWeight : 0 };
  });
  return {
    value: Math.min(
      1,
      because.reduce((sum, { adds }) => sum + adds, 0),
    ),
    because,
  };
}
