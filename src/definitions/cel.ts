import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import type { Evaluate, Facts, Scope } from '../domain/context.ts';
import { DAY } from '../domain/time.ts';
import { Activation, FactsView } from './cel-activation.ts';
import { pathOf, type References, referencesOf, replaceCalls } from './cel-ast.ts';
import { createCelEnvironment, REPLACED } from './cel-environment.ts';
import { firstRefusal, mixedArithmetic } from './cel-refusals.ts';

/** `position` counts characters from 0. */
export type CompiledCel = { ok: true; type: string } | { ok: false; message: string; position: number };

/** Only for parsing and checking: it never evaluates, so its functions are never called. */
const CHECKER = createCelEnvironment({ count: () => 0, daysSince: () => undefined });

const KEPT_EXPRESSIONS = 2_000;
const MAX_CHARS = 4_000;

/** Checks an expression's syntax, names and types, as apply does. */
export function compileCel(expression: string): CompiledCel {
  if (expression.length > MAX_CHARS)
    return { ok: false, message: `longer than ${MAX_CHARS} characters`, position: 0 };
  try {
    const parsed = CHECKER.parse(expression);
    const refused = firstRefusal(parsed.ast);
    if (refused) return { ok: false, ...refused };
    replaceCalls(parsed.ast);
    const checked = parsed.check();
    if (!checked.valid) return failure(checked.error);
    const mixed = mixedArithmetic(parsed.ast);
    if (mixed) return { ok: false, ...mixed };
    return { ok: true, type: checked.type ?? 'dyn' };
  } catch (error) {
    return failure(error);
  }
}

/** What the expression looks at. Throws for one that doesn't parse: check it first. */
export function references(expression: string): References {
  return referencesOf(CHECKER.parse(expression).ast);
}

/**
 * An evaluator with its own cache of parsed expressions. It never throws: a missing key, a failed or an unreadable
 * expression is `{ ok: false }` with the path in `error`. Whole numbers come back as JavaScript numbers.
 * The facts of a scope are read once per facts object, so nobody may change them after their first use.
 */
export function createEvaluate(): Evaluate {
  let scope: Scope | undefined;
  const env = createCelEnvironment({
    count: (name) => counter(scope, name)?.n ?? 0,
    daysSince: (name) => {
      const last = counter(scope, name)?.last;
      return scope === undefined || last === undefined ? undefined : (scope.now - last) / DAY;
    },
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
  const cache = new Map<string, ParseResult | string>();
  return (expression) => {
    let parsed = cache.get(expression);
    if (parsed !== undefined && cache.size < KEPT_EXPRESSIONS / 2) return parsed;
    parsed ??= parseOnce(env, expression);
    cache.delete(expression);
    cache.set(expression, parsed);
    if (cache.size > KEPT_EXPRESSIONS) cache.delete(cache.keys().next().value as string);
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

function counter(scope: Scope | undefined, name: string) {
  const counts = scope?.facts.profile.counts;
  return counts && Object.hasOwn(counts, name) ? counts[name] : undefined;
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
  return Object.entries(REPLACED).reduce((text, [name, ours]) => text.replaceAll(ours, name), message);
}

function describe(error: unknown): string {
  const { code, summary, node } = error as { code?: string; summary?: string; node?: ASTNode };
  if (code === 'no_such_key') return `no such key: ${pathOf(node)}`;
  const where = node ? ` (${node.input.slice(node.start, node.end)})` : '';
  return named(`${summary ?? (error instanceof Error ? error.message : String(error))}${where}`).slice(
    0,
    500,
  );
}
