import { compileCel, references } from './cel.ts';
import { join, type Report } from './problem.ts';

const WANTED = {
  bool: { types: ['bool', 'dyn'], name: 'true or false' },
  number: { types: ['int', 'double', 'dyn'], name: 'a number' },
} as const;

/** Where problems go: `error` refuses the bundle, `warn` doesn't. */
export interface Reports {
  error: Report;
  warn: Report;
}

/** Checks a CEL expression and gives it back as the compiled form has it. */
export function celAt({ error, warn }: Reports, path: string, expression: string | undefined): string | null {
  return check(error, warn, path, expression, 'bool');
}

/** An amount: a number counts as the expression of its decimal form. */
export function celMoneyAt(
  { error, warn }: Reports,
  path: string,
  amount: string | number | undefined,
): string | null {
  if (typeof amount !== 'number') return check(error, warn, path, amount, 'number');
  return Number.isInteger(amount) ? `${amount}.0` : String(amount);
}

function check(
  error: Report,
  warn: Report,
  path: string,
  expression: string | undefined,
  want: keyof typeof WANTED,
): string | null {
  if (expression === undefined) return null;
  const compiled = compileCel(expression);
  const { types, name } = WANTED[want];
  if (!compiled.ok) {
    error(path, `CEL: ${compiled.message}, at character ${compiled.position + 1} of: ${expression}`);
  } else if (!(types as readonly string[]).includes(compiled.type)) {
    error(path, `CEL: must be ${name}, but is ${compiled.type}: ${expression}`);
  } else if (references(expression).roots.includes('account')) {
    warn(path, 'account is always empty: accounts are not supported yet');
  }
  return expression;
}

/** `when` of the item at `path`. */
export function whenAt(reports: Reports, path: string, expression: string | undefined): string | null {
  return celAt(reports, join(path, 'when'), expression);
}
