import type { Cel } from './definition.ts';
import type { StepBudget } from './facts.ts';

/** What the expressions of sources.yaml can read. */
export interface PayloadScope {
  payload: unknown;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/**
 * Evaluates an expression of sources.yaml to plain JSON. Never throws. The steps of each evaluation are limited; a
 * `budget` limits several of them together.
 */
export type PayloadEvaluator = (
  expression: Cel,
  scope: PayloadScope,
  budget?: StepBudget,
) => { ok: true; value: unknown } | { ok: false; error: string };
