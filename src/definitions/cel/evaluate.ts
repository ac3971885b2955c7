import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import type { Evaluator, ExpressionScope, Facts } from '../../domain/facts.ts';
import { DAY } from '../../domain/time/time.ts';
import { UTC } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { Activation, FactsView } from './activation.ts';
import { type CelHost, createCelEnvironment, REPLACED_FUNCTIONS } from './environment.ts';
import {
  collectReferences,
  findSegmentCalls,
  formatAccessPath,
  type References,
  replaceCalls,
  type SegmentCall,
} from './syntax-tree.ts';
import { findMixedArithmetic, findUnsupportedCall } from './unsupported-calls.ts';
import { LocalView } from './views.ts';

/** `position` counts characters from 0. */
export type CompiledCel =
  | { ok: true; type: string; references: References; segments: SegmentCall[] }
  | { ok: false; message: string; position: number };

/** Only for parsing and checking: it never evaluates, so its functions are never called. */
export const CHECK_ONLY_HOST: CelHost = {
  count: () => 0,
  daysSince: () => undefined,
  local: (at) => new LocalView(at, UTC),
};
const CHECKER = createCelEnvironment(CHECK_ONLY_HOST);

const KEPT_EXPRESSIONS = 4_000;
/** With the conditions of segments written out in it. */
const MAX_CHARS = 16_000;

/** A bundle asks for the same expression several times: checked, written out, and once more for its interest. */
const checked = new LRUCache<string, CompiledCel>({ max: KEPT_EXPRESSIONS });

/** Checks an expression's syntax, names and types, as apply does. */
export function compileCel(expression: string): CompiledCel {
  let compiled = checked.get(expression);
  if (compiled === undefined) {
    compiled = checkOnce(expression);
    checked.set(expression, compiled);
  }
  return compiled;
}

function checkOnce(expression: string): CompiledCel {
  if (expression.length > MAX_CHARS)
    return { ok: false, message: `longer than ${MAX_CHARS} characters`, position: 0 };
  try {
    const parsed = CHECKER.parse(expression);
    const refused = findUnsupportedCall(parsed.ast);
    if (refused) return { ok: false, ...refused };
    const found = { references: collectReferences(parsed.ast), segments: findSegmentCalls(parsed.ast) };
    replaceCalls(parsed.ast);
    const checked = parsed.check();
    if (!checked.valid) return failure(checked.error);
    const mixed = findMixedArithmetic(parsed.ast);
    if (mixed) return { ok: false, ...mixed };
    return { ok: true, type: checked.type ?? 'dyn', ...found };
  } catch (error) {
    return failure(error);
  }
}

/** What the expression looks at. Throws for one that doesn't parse: check it first. */
export function readReferences(expression: string): References {
  const compiled = compileCel(expression);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.references;
}

/**
 * An evaluator with its own cache of parsed expressions. It never throws: a missing key, a failed or an unreadable
 * expression is `{ ok: false }` with the path in `error`. Whole numbers come back as JavaScript numbers.
 * The facts of a scope are read once per facts object, so nobody may change them after their first use.
 */
export function createEvaluator(): Evaluator {
  let scope: ExpressionScope | undefined;
  const env = createCelEnvironment({
    count: (name, days) =>
      days === undefined ? (counter(scope, name)?.n ?? 0) : countWithin(scope, name, days),
    daysSince: (name) => {
      const last = counter(scope, name)?.last;
      return scope === undefined || last === undefined ? undefined : (scope.now - last) / DAY;
    },
    local: (at) => new LocalView(at, scope?.facts.zone ?? UTC),
  });
  const parse = createParser(env);
  const views = new WeakMap<Facts, FactsView>();

  return (expression, given) => {
    const parsed = parse(expression);
    if (typeof parsed === 'string') return { ok: false, error: parsed };
    let view = views.get(given.facts);
    if (!view) {
      view = new FactsView(given.facts);
      views.set(given.facts, view);
    }
    scope = given;
    const { stackTraceLimit } = Error;
    try {
      // A missing key is an everyday answer, not a fault, and its stack trace is two thirds of what it costs.
      Error.stackTraceLimit = 0;
      const value: unknown = parsed(new Activation(given, view));
      return { ok: true, value: typeof value === 'bigint' ? Number(value) : value };
    } catch (error) {
      return { ok: false, error: describe(error) };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      scope = undefined;
    }
  };
}

/** Parses with a cache: the least recently used expression goes first. A string is the reason why it can't be read. */
function createParser(env: Environment): (expression: string) => ParseResult | string {
  const cache = new LRUCache<string, ParseResult | string>({ max: KEPT_EXPRESSIONS });
  return (expression) => {
    let parsed = cache.get(expression);
    if (parsed === undefined) {
      parsed = parseOnce(env, expression);
      cache.set(expression, parsed);
    }
    return parsed;
  };
}

function parseOnce(env: Environment, expression: string): ParseResult | string {
  const compiled = compileCel(expression);
  if (!compiled.ok)
    return `${compiled.message} (at ${compiled.position + 1} in "${expression.slice(0, 200)}")`;
  const parsed = env.parse(expression);
  replaceCalls(parsed.ast);
  return parsed;
}

function counter(scope: ExpressionScope | undefined, name: string) {
  const counts = scope?.facts.profile.counts;
  return counts && Object.hasOwn(counts, name) ? counts[name] : undefined;
}

/** How often an event happened in the last `days`, now included. */
function countWithin(scope: ExpressionScope | undefined, name: string, days: number): number {
  const times = scope && getOwn(scope.facts.eventHistory, name);
  if (!scope || !times) return 0;
  const from = scope.now - days * DAY;
  return times.filter((at) => at > from && at <= scope.now).length;
}

function failure(error: unknown): { ok: false; message: string; position: number } {
  const { summary, range } = error as { summary?: string; range?: { start: number } };
  return { ok: false, message: hinted(summary ?? String(error)), position: range?.start ?? 0 };
}

function hinted(summary: string): string {
  const said = named(summary);
  return /no such overload: (double \S+ int|int \S+ double)$/.test(said)
    ? `${said}; numbers in data are doubles: write 2.0, not 2`
    : said;
}

function named(message: string): string {
  return Object.entries(REPLACED_FUNCTIONS).reduce(
    (text, [name, ours]) => text.replaceAll(ours, name),
    message,
  );
}

function describe(error: unknown): string {
  const { code, summary, node } = error as { code?: string; summary?: string; node?: ASTNode };
  if (code === 'no_such_key') return `no such key: ${formatAccessPath(node)}`;
  const where = node ? ` (${node.input.slice(node.start, node.end)})` : '';
  return named(`${summary ?? (error instanceof Error ? error.message : String(error))}${where}`).slice(
    0,
    500,
  );
}
