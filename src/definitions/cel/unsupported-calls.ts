import type { ASTNode } from '@marcbachmann/cel-js';
import { parseInstant, REPLACED_FUNCTIONS } from './environment.ts';
import type { ExpressionProblem } from './errors.ts';
import { readPattern } from './patterns.ts';
import { MAX_COUNT_DAYS, readCall, readDays, readStringLiteral, visitNodes } from './syntax-tree.ts';

const ARITHMETIC = ['+', '-', '*', '/', '%'];

/** The first call that Throughline doesn't support, with what to write instead. */
export function findUnsupportedCall(ast: ASTNode): ExpressionProblem | undefined {
  let problem: ExpressionProblem | undefined;
  visitNodes(ast, (node) => {
    const message = problem ? undefined : describeUnsupported(node);
    if (message !== undefined) problem = { message, position: node.start };
  });
  return problem;
}

function describeUnsupported(node: ASTNode): string | undefined {
  const call = readCall(node);
  if (!call) return undefined;
  const { name, args } = call;
  if (name === 'segment')
    return readStringLiteral(args[0]) === undefined ? "segment() needs a segment's id in quotes" : undefined;
  if (name === 'count' || name === 'daysSince') {
    if (readStringLiteral(args[0]) === undefined) return `${name}() needs an event's name in quotes`;
    if (name === 'count' && args.length === 2 && readDays(args[1]) === undefined)
      return `count() needs a number of days from 1 to ${MAX_COUNT_DAYS}`;
    return undefined;
  }
  if (name === 'timestamp') return checkTimestamp(args[0]);
  // Both read the machine's time zone or its Intl tables, so the same facts could give different results (I7).
  if (name === 'getDayOfYear')
    return 'getDayOfYear() depends on the machine: compare local(now).month and .day';
  if (/^get[A-Z]/.test(name) && args.length > 0)
    return `${name}() with a time zone depends on the machine: use local(…), or leave the zone out for UTC`;
  if (name === 'matches') return checkPattern(args[0]);
  if ((Object.values(REPLACED_FUNCTIONS) as string[]).includes(name)) return `unknown function: ${name}()`;
  return undefined;
}

function checkTimestamp(node: ASTNode | undefined): string | undefined {
  const text = readStringLiteral(node);
  if (text === undefined) return undefined;
  try {
    parseInstant(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkPattern(node: ASTNode | undefined): string | undefined {
  const text = readStringLiteral(node);
  if (text === undefined)
    return 'matches() needs a pattern in quotes: one that comes from data is not checked';
  const read = readPattern(text);
  return read.ok ? undefined : `matches(): ${read.message}`;
}

/** Arithmetic such as `x / 2` on data: it type-checks but always fails, since numbers in data are doubles. */
export function findMixedArithmetic(ast: ASTNode): ExpressionProblem | undefined {
  let problem: ExpressionProblem | undefined;
  visitNodes(ast, (node) => {
    if (problem || !ARITHMETIC.includes(node.op) || !Array.isArray(node.args)) return;
    const [left, right] = node.args as ASTNode[];
    const whole = [left, right].find((side) => side?.op === 'value' && typeof side.args === 'bigint');
    const other = whole === left ? right : left;
    const type = (other as { checkedType?: { kind: string } } | undefined)?.checkedType;
    if (whole === undefined || type?.kind !== 'dyn') return;
    problem = {
      message: `numbers in data are doubles: write ${String(whole.args)}.0`,
      position: whole.start,
    };
  });
  return problem;
}
