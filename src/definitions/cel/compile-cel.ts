import type { ASTNode, ParseResult, TypeCheckResult } from '@marcbachmann/cel-js';
import { UTC } from '../../domain/time/zone.ts';
import { BoundedCache } from '../../domain/values/bounded-cache.ts';
import { type CelHost, createCelEnvironment } from './environment.ts';
import { describeCheckFailure } from './errors.ts';
import { replaceNullComparisons } from './null-comparisons.ts';
import {
  collectReferences,
  findSegmentCalls,
  type References,
  replaceCalls,
  type SegmentCall,
} from './syntax-tree.ts';
import { findMixedArithmetic, findUnsupportedCall } from './unsupported-calls.ts';
import { LocalView } from './views.ts';

/** `type` is a CEL type's name. `position` counts characters from 0. */
export type CompiledCel =
  | { ok: true; type: string; references: References; segments: SegmentCall[] }
  | { ok: false; message: string; position: number };

/** For environments that only parse and check: nothing is evaluated, so these functions are never called. */
export const CHECK_ONLY_HOST: CelHost = {
  count: () => 0,
  daysSince: () => undefined,
  local: (at) => new LocalView(at, UTC),
};
const CHECKER = createCelEnvironment(CHECK_ONLY_HOST);

/** Of an expression with the conditions of its segments written out in it. */
export const MAX_EXPRESSION_CHARS = 16_000;
const KEPT_EXPRESSIONS = 4_000;
const KEPT_CHARS = 8_000_000;

/** A cache by the texts of expressions. It never holds one that is too long to be compiled. */
export function createExpressionCache<T>(): BoundedCache<T> {
  return new BoundedCache<T>({
    maxEntries: KEPT_EXPRESSIONS,
    maxChars: KEPT_CHARS,
    maxKeyChars: MAX_EXPRESSION_CHARS,
  });
}

/** A bundle compiles each expression several times: as written, with segments inlined, and for its interest. */
const compiledExpressions = createExpressionCache<CompiledCel>();

/** Checks an expression's syntax, names and types, and lists what it reads. */
export function compileCel(expression: string): CompiledCel {
  return compiledExpressions.getOrCreate(expression, compileOnce);
}

/**
 * What an expression reads.
 * @throws Error for an expression that {@link compileCel} refuses
 */
export function readReferences(expression: string): References {
  const compiled = compileCel(expression);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.references;
}

/** Checks the types of an expression as it is evaluated: comparisons with null are questions whether there is a value. */
function checkTypes(parsed: ParseResult, expression: string): { result: TypeCheckResult; ast: ASTNode } {
  const written = replaceNullComparisons(CHECKER.parse(expression).ast, expression);
  const evaluated = written === expression ? parsed : CHECKER.parse(written);
  replaceCalls(evaluated.ast);
  const result = evaluated.check();
  if (result.valid || evaluated === parsed) return { result, ast: evaluated.ast };
  // The error is shown at its place in the author's text, if it is found there.
  replaceCalls(parsed.ast);
  const own = parsed.check();
  return { result: own.valid ? result : own, ast: parsed.ast };
}

function compileOnce(expression: string): CompiledCel {
  if (expression.length > MAX_EXPRESSION_CHARS)
    return { ok: false, message: `longer than ${MAX_EXPRESSION_CHARS} characters`, position: 0 };
  try {
    const parsed = CHECKER.parse(expression);
    const unsupported = findUnsupportedCall(parsed.ast);
    if (unsupported) return { ok: false, ...unsupported };
    const references = collectReferences(parsed.ast);
    const segments = findSegmentCalls(parsed.ast);
    const { result, ast } = checkTypes(parsed, expression);
    if (!result.valid) return { ok: false, ...describeCheckFailure(result.error) };
    const mixed = findMixedArithmetic(ast);
    if (mixed) return { ok: false, ...mixed };
    return { ok: true, type: result.type ?? 'dyn', references, segments };
  } catch (error) {
    return { ok: false, ...describeCheckFailure(error) };
  }
}
