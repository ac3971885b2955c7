import type { ASTNode } from '@marcbachmann/cel-js';
import { parseInstant, REPLACED_FUNCTIONS } from './environment.ts';
import type { ExpressionProblem } from './errors.ts';
import { MAX_COUNT_DAYS, readCall, readDays, readStringLiteral, visitNodes } from './syntax-tree.ts';

const ARITHMETIC = ['+', '-', '*', '/', '%'];
/** A group that repeats inside a group that repeats takes exponential time on a hostile text. */
const NESTED_REPEAT = /\([^()]*[+*}][^()]*\)\s*[+*{]/;

/** The first call that this version refuses, with what to do instead. */
export function findUnsupportedCall(ast: ASTNode): ExpressionProblem | undefined {
  let found: ExpressionProblem | undefined;
  visitNodes(ast, (node) => {
    const message = found ? undefined : refusal(node);
    if (message !== undefined) found = { message, position: node.start };
  });
  return found;
}

function refusal(node: ASTNode): string | undefined {
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
  if (name === 'timestamp') return noSuchDate(args[0]);
  // Both would read the machine's time zone or its Intl tables, which change with Node (I7).
  if (name === 'getDayOfYear')
    return 'getDayOfYear() depends on the machine: compare local(now).month and .day';
  if (/^get[A-Z]/.test(name) && args.length > 0)
    return `${name}() with a time zone depends on the machine: use local(…), or leave the zone out for UTC`;
  if (name === 'matches') return pattern(args[0]);
  if ((Object.values(REPLACED_FUNCTIONS) as string[]).includes(name)) return `unknown function: ${name}()`;
  return undefined;
}

function noSuchDate(node: ASTNode | undefined): string | undefined {
  const text = readStringLiteral(node);
  if (text === undefined) return undefined;
  try {
    parseInstant(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function pattern(node: ASTNode | undefined): string | undefined {
  const text = readStringLiteral(node);
  if (text === undefined) return 'matches() needs a pattern in quotes';
  if (NESTED_REPEAT.test(text))
    return 'matches(): a repeated group that repeats inside can take forever; simplify it';
  try {
    new RegExp(text);
    return undefined;
  } catch {
    return 'matches(): not a regular expression';
  }
}

/** `x / 2` on data always fails when it runs, since data's numbers are doubles; better said at apply. */
export function findMixedArithmetic(ast: ASTNode): ExpressionProblem | undefined {
  let found: ExpressionProblem | undefined;
  visitNodes(ast, (node) => {
    if (found || !ARITHMETIC.includes(node.op) || !Array.isArray(node.args)) return;
    const [left, right] = node.args as ASTNode[];
    const whole = [left, right].find((side) => side?.op === 'value' && typeof side.args === 'bigint');
    const other = whole === left ? right : left;
    const type = (other as { checkedType?: { kind: string } } | undefined)?.checkedType;
    if (whole === undefined || type?.kind !== 'dyn') return;
    found = { message: `numbers in data are doubles: write ${String(whole.args)}.0`, position: whole.start };
  });
  return found;
}
