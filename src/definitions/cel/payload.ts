import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { MAX_EVENT_BYTES } from '../../domain/event-limits.ts';
import type { PayloadEvaluator } from '../../domain/payload-evaluator.ts';
import { dropNulls } from '../../domain/values/drop-nulls.ts';
import { toPlainJson } from '../../domain/values/plain-json.ts';
import { createExpressionCache, MAX_EXPRESSION_CHARS } from './compile-cel.ts';
import { countSteps } from './count-steps.ts';
import { createPayloadEnvironment, PAYLOAD_ROOTS } from './environment.ts';
import { describeCheckFailure, describeEvaluationFailure, type ExpressionProblem } from './errors.ts';
import { replaceNullComparisons } from './null-comparisons.ts';
import { StepMeter } from './step-meter.ts';
import { replaceCalls } from './syntax-tree.ts';
import { findMixedArithmetic, findUnsupportedCall } from './unsupported-calls.ts';

type ParsedPayloadCel =
  | { ok: true; parsed: ParseResult; type: string }
  | { ok: false; problem: ExpressionProblem };

const CHECKER = createPayloadEnvironment();

/**
 * Checks an expression of sources.yaml: syntax, names and types.
 *
 * @param isCondition whether it has to be true or false
 * @returns null if it is right
 */
export function checkPayloadCel(expression: string, isCondition: boolean): ExpressionProblem | null {
  const result = parse(CHECKER, expression);
  if (!result.ok) return result.problem;
  if (!isCondition || result.type === 'bool' || result.type === 'dyn') return null;
  return { message: `must be true or false, but is ${result.type}`, position: 0 };
}

/** Creates an evaluator of sources.yaml's expressions, with a cache of its own. Null in a payload reads as missing. */
export function createPayloadEvaluator(): PayloadEvaluator {
  const meter = new StepMeter();
  const environment = createPayloadEnvironment();
  const cache = createExpressionCache<{ evaluate: ParseResult; steps: number } | string>();
  const payloads = new WeakMap<object, unknown>();
  const readPayload = (payload: unknown): unknown => {
    if (typeof payload !== 'object' || payload === null) return payload;
    if (!payloads.has(payload)) payloads.set(payload, dropNulls(payload));
    return payloads.get(payload);
  };

  return (expression, { payload, headers }, budget) => {
    const known = cache.getOrCreate(expression, () => {
      const result = parse(environment, expression);
      if (!result.ok) return result.problem.message;
      return { evaluate: result.parsed, steps: countSteps(result.parsed, meter) };
    });
    if (typeof known === 'string') return { ok: false, error: known };
    meter.begin(budget);
    const { stackTraceLimit } = Error;
    try {
      // A missing key is an ordinary result. Its stack trace would be two thirds of what it costs.
      Error.stackTraceLimit = 0;
      meter.spend(known.steps);
      const value: unknown = known.evaluate({ payload: readPayload(payload), headers });
      meter.checkResult(value);
      if (meter.exceeded !== undefined) return { ok: false, error: meter.exceeded };
      return toPlainJson(value, MAX_EVENT_BYTES);
    } catch (error) {
      return { ok: false, error: meter.exceeded ?? describeEvaluationFailure(error) };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      meter.end();
    }
  };
}

function parse(environment: Environment, expression: string): ParsedPayloadCel {
  const refuse = (problem: ExpressionProblem): ParsedPayloadCel => ({ ok: false, problem });
  if (expression.length > MAX_EXPRESSION_CHARS)
    return refuse({ message: `longer than ${MAX_EXPRESSION_CHARS} characters`, position: 0 });
  try {
    const { ast } = environment.parse(expression);
    const unsupported = findUnsupportedCall(ast);
    if (unsupported) return refuse(unsupported);
    const parsed = environment.parse(replaceNullComparisons(ast, expression));
    replaceCalls(parsed.ast);
    const checked = parsed.check();
    if (!checked.valid) return refuse(describeCheckFailure(checked.error, PAYLOAD_ROOTS));
    const mixed = findMixedArithmetic(parsed.ast);
    return mixed ? refuse(mixed) : { ok: true, parsed, type: checked.type ?? 'dyn' };
  } catch (error) {
    return refuse(describeCheckFailure(error, PAYLOAD_ROOTS));
  }
}
