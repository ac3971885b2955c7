import { LRUCache } from 'lru-cache';
import { UTC } from '../../domain/time/zone.ts';
import { type CelHost, createCelEnvironment } from './environment.ts';
import { describeCheckFailure } from './errors.ts';
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

/** How many expressions each cache of this folder keeps. */
export const KEPT_EXPRESSIONS = 4_000;
/** Of an expression with the conditions of its segments written out in it. */
const MAX_CHARS = 16_000;

/** A bundle compiles each expression several times: as written, with segments inlined, and for its interest. */
const compiledExpressions = new LRUCache<string, CompiledCel>({ max: KEPT_EXPRESSIONS });

/** Checks an expression's syntax, names and types, and lists what it reads. */
export function compileCel(expression: string): CompiledCel {
  let compiled = compiledExpressions.get(expression);
  if (compiled === undefined) {
    compiled = compileOnce(expression);
    compiledExpressions.set(expression, compiled);
  }
  return compiled;
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

function compileOnce(expression: string): CompiledCel {
  if (expression.length > MAX_CHARS)
    return { ok: false, message: `longer than ${MAX_CHARS} characters`, position: 0 };
  try {
    const parsed = CHECKER.parse(expression);
    const unsupported = findUnsupportedCall(parsed.ast);
    if (unsupported) return { ok: false, ...unsupported };
    const references = collectReferences(parsed.ast);
    const segments = findSegmentCalls(parsed.ast);
    replaceCalls(parsed.ast);
    const result = parsed.check();
    if (!result.valid) return { ok: false, ...describeCheckFailure(result.error) };
    const mixed = findMixedArithmetic(parsed.ast);
    if (mixed) return { ok: false, ...mixed };
    return { ok: true, type: result.type ?? 'dyn', references, segments };
  } catch (error) {
    return { ok: false, ...describeCheckFailure(error) };
  }
}
