import type { Evaluator, StepBudget } from '../domain/facts.ts';

/** Conditions took too many steps together. */
export class StepLimitError extends Error {
  constructor(steps: number) {
    super(`its conditions take more than ${steps} steps together`);
  }
}

/** An evaluator for one piece of work. */
export interface LimitedEvaluator {
  evaluate: Evaluator;
  /** @throws StepLimitError if the evaluations took too many steps together: those after that have failed */
  check(): void;
}

/** Limits the steps that all evaluations of one piece of work may take together. */
export function limitSteps(evaluate: Evaluator, steps: number): LimitedEvaluator {
  const budget: StepBudget = { left: steps };
  return {
    evaluate: (expression, scope) => evaluate(expression, scope, budget),
    check() {
      if (budget.left < 0) throw new StepLimitError(steps);
    },
  };
}
