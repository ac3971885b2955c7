import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import type { ConditionFacts, Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { DAY } from '../../domain/time/time.ts';
import { UTC } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { Activation, FactsView } from './activation.ts';
import { compileCel, createExpressionCache } from './compile-cel.ts';
import { countSteps } from './count-steps.ts';
import { createCelEnvironment } from './environment.ts';
import { describeCheckFailure, describeEvaluationFailure } from './errors.ts';
import { replaceNullComparisons } from './null-comparisons.ts';
import { StepMeter } from './step-meter.ts';
import { replaceCalls } from './syntax-tree.ts';
import { LocalView } from './views.ts';

/**
 * Creates an evaluator with its own cache of parsed expressions. It never throws: a missing key, a failed or an
 * unreadable expression, and one that exceeds a limit of `step-meter.ts`, gives `{ ok: false }` with the reason in
 * `error`. Whole numbers come back as JavaScript numbers.
 *
 * It reads a facts object once and keeps what it read for as long as the object lives. Callers must not change an object
 * that they have passed.
 */
export function createEvaluator(): Evaluator {
  // cel-js passes functions no context. Evaluation is synchronous, so the scope in use can be kept here.
  let current: ExpressionScope | undefined;
  const meter = new StepMeter();
  const environment = createCelEnvironment({
    count: (name, days) =>
      days === undefined ? (readCounter(current, name)?.n ?? 0) : countWithin(current, name, days, meter),
    daysSince: (name) => {
      const last = readCounter(current, name)?.last;
      return current === undefined || last === undefined ? undefined : (current.now - last) / DAY;
    },
    local: (at) => new LocalView(at, current?.facts.zone ?? UTC),
  });
  const parsed = createExpressionCache<ParsedCondition | string>();
  const views = new WeakMap<ConditionFacts, FactsView>();

  return (expression, scope, budget) => {
    const condition = parsed.getOrCreate(expression, () => parseCondition(environment, expression, meter));
    if (typeof condition === 'string') return { ok: false, error: condition };
    let view = views.get(scope.facts);
    if (!view) {
      view = new FactsView(scope.facts);
      views.set(scope.facts, view);
    }
    current = scope;
    meter.begin(budget);
    const { stackTraceLimit } = Error;
    try {
      // A missing key is an ordinary result. Its stack trace would be two thirds of what it costs.
      Error.stackTraceLimit = 0;
      meter.spend(condition.steps);
      const value: unknown = condition.evaluate(new Activation(scope, view));
      meter.checkResult(value);
      // A loop or an `||` may have swallowed the error.
      if (meter.exceeded !== undefined) return { ok: false, error: meter.exceeded };
      return { ok: true, value: typeof value === 'bigint' ? Number(value) : value };
    } catch (error) {
      return { ok: false, error: meter.exceeded ?? describeEvaluationFailure(error) };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      meter.end();
      current = undefined;
    }
  };
}

interface ParsedCondition {
  evaluate: ParseResult;
  /** Steps of its operators outside of loops. */
  steps: number;
}

/** A string is the reason why an expression can't be read. */
function parseCondition(
  environment: Environment,
  expression: string,
  meter: StepMeter,
): ParsedCondition | string {
  const describe = (message: string, position: number) =>
    `${message} (at ${position + 1} in "${expression.slice(0, 200)}")`;
  const compiled = compileCel(expression);
  if (!compiled.ok) return describe(compiled.message, compiled.position);
  const written = replaceNullComparisons(environment.parse(expression).ast, expression);
  const evaluate = environment.parse(written);
  replaceCalls(evaluate.ast);
  const checked = evaluate.check();
  if (!checked.valid) {
    const { message, position } = describeCheckFailure(checked.error);
    return describe(message, position);
  }
  return { evaluate, steps: countSteps(evaluate, meter) };
}

function readCounter(scope: ExpressionScope | undefined, name: string) {
  return scope && getOwn(scope.facts.profile.counts, name);
}

/** How often an event happened in the last `days`, including now. */
function countWithin(
  scope: ExpressionScope | undefined,
  name: string,
  days: number,
  meter: StepMeter,
): number {
  const instants = scope && getOwn(scope.facts.eventHistory, name);
  if (!scope || !instants) return 0;
  meter.spend(instants.length);
  const from = scope.now - days * DAY;
  return instants.filter((at) => at > from && at <= scope.now).length;
}
