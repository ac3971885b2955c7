import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import type { ConditionFacts, Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { DAY } from '../../domain/time/time.ts';
import { UTC } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { Activation, FactsView } from './activation.ts';
import { compileCel, KEPT_EXPRESSIONS } from './compile-cel.ts';
import { createCelEnvironment } from './environment.ts';
import { describeEvaluationFailure } from './errors.ts';
import { replaceNullComparisons } from './null-comparisons.ts';
import { replaceCalls } from './syntax-tree.ts';
import { LocalView } from './views.ts';

/**
 * Creates an evaluator with its own cache of parsed expressions. It never throws: a missing key, a failed or an
 * unreadable expression gives `{ ok: false }` with the reason in `error`. Whole numbers come back as JavaScript numbers.
 *
 * It reads a facts object once and keeps what it read for as long as the object lives. Callers must not change an object
 * that they have passed.
 */
export function createEvaluator(): Evaluator {
  // cel-js passes functions no context. Evaluation is synchronous, so the scope in use can be kept here.
  let current: ExpressionScope | undefined;
  const environment = createCelEnvironment({
    count: (name, days) =>
      days === undefined ? (readCounter(current, name)?.n ?? 0) : countWithin(current, name, days),
    daysSince: (name) => {
      const last = readCounter(current, name)?.last;
      return current === undefined || last === undefined ? undefined : (current.now - last) / DAY;
    },
    local: (at) => new LocalView(at, current?.facts.zone ?? UTC),
  });
  const parse = createParser(environment);
  const views = new WeakMap<ConditionFacts, FactsView>();

  return (expression, scope) => {
    const parsed = parse(expression);
    if (typeof parsed === 'string') return { ok: false, error: parsed };
    let view = views.get(scope.facts);
    if (!view) {
      view = new FactsView(scope.facts);
      views.set(scope.facts, view);
    }
    current = scope;
    const { stackTraceLimit } = Error;
    try {
      // A missing key is an ordinary result. Its stack trace would be two thirds of what it costs.
      Error.stackTraceLimit = 0;
      const value: unknown = parsed(new Activation(scope, view));
      return { ok: true, value: typeof value === 'bigint' ? Number(value) : value };
    } catch (error) {
      return { ok: false, error: describeEvaluationFailure(error) };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      current = undefined;
    }
  };
}

/** Parses with a cache. A string is the reason why an expression can't be read. */
function createParser(environment: Environment): (expression: string) => ParseResult | string {
  const cache = new LRUCache<string, ParseResult | string>({ max: KEPT_EXPRESSIONS });
  return (expression) => {
    let parsed = cache.get(expression);
    if (parsed === undefined) {
      parsed = parseOnce(environment, expression);
      cache.set(expression, parsed);
    }
    return parsed;
  };
}

function parseOnce(environment: Environment, expression: string): ParseResult | string {
  const compiled = compileCel(expression);
  if (!compiled.ok)
    return `${compiled.message} (at ${compiled.position + 1} in "${expression.slice(0, 200)}")`;
  const written = replaceNullComparisons(environment.parse(expression).ast, expression);
  const parsed = environment.parse(written);
  replaceCalls(parsed.ast);
  return parsed;
}

function readCounter(scope: ExpressionScope | undefined, name: string) {
  return scope && getOwn(scope.facts.profile.counts, name);
}

/** How often an event happened in the last `days`, including now. */
function countWithin(scope: ExpressionScope | undefined, name: string, days: number): number {
  const instants = scope && getOwn(scope.facts.eventHistory, name);
  if (!scope || !instants) return 0;
  const from = scope.now - days * DAY;
  return instants.filter((at) => at > from && at <= scope.now).length;
}
