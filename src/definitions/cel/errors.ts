import type { ASTNode } from '@marcbachmann/cel-js';
import { findNearest } from '../../content/nearest-name.ts';
import { CEL_FUNCTIONS, CEL_ROOTS, REPLACED_FUNCTIONS } from './environment.ts';
import { formatAccessPath } from './syntax-tree.ts';

/** Why an expression is refused, and at which character (from 0). */
export interface ExpressionProblem {
  message: string;
  position: number;
}

const MAX_MESSAGE_CHARS = 500;

/** What cel-js says about an expression that it can't parse or check, with the names that the author wrote. */
export function describeCheckFailure(
  error: unknown,
  roots: readonly string[] = CEL_ROOTS,
): ExpressionProblem {
  const { summary, range } = error as { summary?: string; range?: { start: number } };
  return { message: addHint(restoreNames(summary ?? String(error)), roots), position: range?.start ?? 0 };
}

/** Why an evaluation failed. A missing key is named with its path: `no such key: traits.plan`. */
export function describeEvaluationFailure(error: unknown): string {
  const { code, summary, node } = error as { code?: string; summary?: string; node?: ASTNode };
  if (code === 'no_such_key') return `no such key: ${formatAccessPath(node)}`;
  const where = node ? ` (${node.input.slice(node.start, node.end)})` : '';
  const message = summary ?? (error instanceof Error ? error.message : String(error));
  return restoreNames(`${message}${where}`).slice(0, MAX_MESSAGE_CHARS);
}

function addHint(message: string, roots: readonly string[]): string {
  const variable = /^Unknown variable: (\S+)$/.exec(message)?.[1];
  if (variable !== undefined) return message + suggest(variable, roots);
  const called = /^found no matching overload for '(?:[^(]*\.)?(\w+)\(/.exec(message)?.[1];
  if (called !== undefined && !CEL_FUNCTIONS.includes(called))
    return message + suggest(called, CEL_FUNCTIONS);
  return /no such overload: (double \S+ int|int \S+ double)$/.test(message)
    ? `${message}; numbers in data are doubles: write 2.0, not 2`
    : message;
}

function suggest(name: string, names: readonly string[]): string {
  const nearest = findNearest(name, names);
  return nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
}

/** The author wrote `timestamp`, not the name of the function that stands in for it. */
function restoreNames(message: string): string {
  return Object.entries(REPLACED_FUNCTIONS).reduce(
    (text, [name, replacement]) => text.replaceAll(replacement, name),
    message,
  );
}
