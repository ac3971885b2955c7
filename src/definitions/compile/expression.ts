import { readDate } from '../../domain/time/calendar-date.ts';
import { checkProperties } from '../cel/check-properties.ts';
import { type CompiledCel, compileCel } from '../cel/compile-cel.ts';
import type { CelRoot } from '../cel/environment.ts';
import { describeInlined, inlineSegments } from '../cel/inline-segments.ts';
import { writeNumberLiteral } from '../cel/number-literal.ts';
import type { CompileContext } from '../check/context.ts';
import { joinPath } from '../source/problem.ts';

/** The CEL types that an expression may have, by what it is used for. */
const EXPECTED_TYPES = {
  bool: { types: ['bool', 'dyn'], name: 'true or false' },
  number: { types: ['int', 'double', 'dyn'], name: 'a number' },
  date: { types: ['google.protobuf.Timestamp', 'string', 'dyn'], name: 'a date' },
  text: { types: ['string', 'dyn'], name: 'text' },
  any: { types: null, name: 'anything' },
} as const;

export interface ExpressionContext {
  /** Default: bool. */
  expectedType?: keyof typeof EXPECTED_TYPES;
  /** The events that `event` may be, to check it against events.yaml. Null: there is no `event` here. */
  events?: readonly string[] | null;
  /** Whether there is an `enrollment` here. Default: true. */
  enrollment?: boolean;
}

/**
 * Checks a CEL expression.
 * @returns the expression with its segments inlined; null for a missing one
 */
export function compileExpression(
  context: CompileContext,
  path: string,
  expression: string | undefined,
  use: ExpressionContext = {},
): string | null {
  if (expression === undefined) return null;
  const refuse = (message: string) => context.error(path, `CEL: ${message}`);
  const compiled = compileCel(expression);
  if (!compiled.ok) {
    refuse(`${compiled.message}, at character ${compiled.position + 1} of: ${expression}`);
    return expression;
  }
  checkType(compiled, expression, use, refuse);
  checkRoots(compiled, use, refuse);
  const unknownSegments = compiled.segments.filter(({ id }) => !context.names.segments.has(id));
  for (const { id } of unknownSegments) refuse(context.names.segments.describeMissing(id));
  if (use.events) checkProperties(expression, use.events, context.names.events, context, path);
  const inlined = inlineSegments(expression, compiled.segments, context.names.segments);
  if (inlined === expression) return expression;
  const refusal = describeInlined(inlined);
  if (refusal !== null) refuse(refusal);
  else if (!context.names.segments.count(inlined?.length ?? 0))
    refuse('the conditions of the bundle are too long together, with their segments inlined');
  return inlined ?? expression;
}

type ValidCel = Extract<CompiledCel, { ok: true }>;
type Refuse = (message: string) => void;

function checkType(
  { type }: ValidCel,
  expression: string,
  { expectedType = 'bool' }: ExpressionContext,
  refuse: Refuse,
): void {
  const { types, name } = EXPECTED_TYPES[expectedType];
  if (types !== null && !(types as readonly string[]).includes(type))
    refuse(`must be ${name}, but is ${type}: ${expression}`);
  const literal = expectedType === 'date' ? /^\s*(["'])([^"'\\]*)\1\s*$/.exec(expression) : null;
  const dateReading = literal && readDate(literal[2]);
  if (dateReading?.kind === 'invalid') refuse(`'${dateReading.text}' is not a date: ${dateReading.reason}`);
}

function checkRoots(
  { references }: ValidCel,
  { events, enrollment = true }: ExpressionContext,
  refuse: Refuse,
): void {
  const names = (roots: readonly CelRoot[]) => roots.filter((root) => references.roots.includes(root));
  const missing = [
    ...(events === null ? names(['event']) : []),
    ...(enrollment ? [] : names(['enrollment'])),
  ];
  for (const root of missing)
    refuse(`there is no ${root} here: use facts of the customer, such as traits, orders or count()`);
}

/** Compiles an amount: a number becomes the expression of its decimal form. */
export function compileAmount(
  context: CompileContext,
  path: string,
  amount: string | number | undefined,
): string | null {
  if (typeof amount !== 'number') return compileExpression(context, path, amount, { expectedType: 'number' });
  return writeNumberLiteral(amount);
}

/** Compiles `when` of the item at `path`. */
export function compileWhen(
  context: CompileContext,
  path: string,
  expression: string | undefined,
  use: ExpressionContext = {},
): string | null {
  return compileExpression(context, joinPath(path, 'when'), expression, use);
}
