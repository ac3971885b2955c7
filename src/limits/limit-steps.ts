import type { Evaluator, StepBudget } from '../domain/facts.ts';
import { LimitError } from './limit-error.ts';
import { runTogether } from './run-together.ts';
import { runWithin } from './run-within.ts';

/** Conditions took too many steps together. */
export class StepLimitError extends LimitError {
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

export interface Limits {
  /** Of all conditions together. */
  steps: number;
  /** Wall clock. */
  ms: number;
}

/**
 * Runs synchronous work whose conditions are evaluated by `evaluate`, within limits.
 * @throws LimitError; whatever `work` throws
 */
export function runLimited<T>(
  evaluate: Evaluator,
  { steps, ms }: Limits,
  work: (evaluate: Evaluator) => T,
): T {
  return runWithin(ms, () => runCounted(evaluate, steps, work));
}

/** The same for work that may wait a moment: work that is ready at the same time shares a watch ({@link runTogether}). */
export function runLimitedTogether<T>(
  evaluate: Evaluator,
  { steps, ms }: Limits,
  work: (evaluate: Evaluator) => T,
): Promise<T> {
  return runTogether(ms, () => runCounted(evaluate, steps, work));
}

function runCounted<T>(evaluate: Evaluator, steps: number, work: (evaluate: Evaluator) => T): T {
  const limited = limitSteps(evaluate, steps);
  const result = work(limited.evaluate);
  limited.check();
  return result;
}
