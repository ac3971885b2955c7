import type { ASTNode } from '@marcbachmann/cel-js';
import { readCall, readStringLiteral, visitNodes } from './syntax-tree.ts';

/**
 * Writes comparisons with null, and `has()`, as questions whether there is a value at the end of the path. Null reads as
 * missing, and a missing key would fail the expression: `traits.address.city == null` is true where there is no city, and
 * also where there is no address.
 */
export function replaceNullComparisons(ast: ASTNode, expression: string): string {
  const edits: Edit[] = [];
  visitNodes(ast, (node) => {
    const call = readCall(node);
    if (call?.name === 'has' && call.receiver === null)
      edits.push(...editHas(node, call.args[0], expression));
    if (node.op === '==' || node.op === '!=') edits.push(...editComparison(node.args, expression));
  });
  return (
    edits
      // What is inside of another edit was copied as it is.
      .filter(
        (edit) =>
          !edits.some((other) => other !== edit && other.start <= edit.start && edit.end <= other.end),
      )
      .sort((a, b) => b.start - a.start)
      .reduce(
        (text, { start, end, text: inner }) => text.slice(0, start) + inner + text.slice(end),
        expression,
      )
  );
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** `traits.vip == null` becomes `has(traits.vip) == false`: only the two sides change, whatever is around them. */
function editComparison([left, right]: [ASTNode, ASTNode], expression: string): Edit[] {
  const [none, member] = isNull(right) ? [right, left] : [left, right];
  if (!isNull(none) || isNull(member)) return [];
  const question = askForValue(member, expression);
  if (question === undefined) return [];
  const { start, end } = member;
  return [
    { start: openedBefore(expression, start, end), end, text: question },
    { start: none.start, end: none.end, text: 'false' },
  ];
}

/** A path of one step asks for nothing more. */
function editHas(node: ASTNode, path: ASTNode | undefined, expression: string): Edit[] {
  if (path?.op !== '.' || path.args[0].op === 'id') return [];
  const question = askForValue(path, expression);
  return question === undefined ? [] : [{ start: node.start, end: node.end, text: question }];
}

function isNull(node: ASTNode): boolean {
  return node.op === 'value' && node.args === null;
}

/** A condition that holds if there is a value; undefined if the node is no access to a named member. */
function askForValue(node: ASTNode, expression: string): string | undefined {
  const { base, names } = readPath(node);
  if (names.length === 0 || names.length > LONGEST_PATH) return undefined;
  if (base.op === 'id') return ask(base.args, names);
  // `has()` takes no path that begins with an item of a list or a call, so that gets a name.
  const text = expression.slice(openedBefore(expression, base.start, base.end), base.end);
  return `[${text}].exists(${ITEM}, ${ask(ITEM, names)})`;
}

/** Each name is asked for with all names before it. */
const LONGEST_PATH = 16;

/** A name that no author writes. */
const ITEM = 'item__';

function ask(base: string, names: readonly string[]): string {
  let owner = base;
  const questions = names.map((name) => {
    const isPlain = /^[A-Za-z_]\w*$/.test(name);
    const question = isPlain ? `has(${owner}.${name})` : `${JSON.stringify(name)} in ${owner}`;
    owner = isPlain ? `${owner}.${name}` : `${owner}[${JSON.stringify(name)}]`;
    return question;
  });
  return `(${questions.join(' && ')})`;
}

/** The names at the end of a path, and what they are the names in. */
function readPath(node: ASTNode): { base: ASTNode; names: string[] } {
  const [owner, name] =
    node.op === '.'
      ? [node.args[0], node.args[1]]
      : node.op === '[]'
        ? [node.args[0], readStringLiteral(node.args[1])]
        : [];
  if (owner === undefined || name === undefined) return { base: node, names: [] };
  const { base, names } = readPath(owner);
  return { base, names: [...names, name] };
}

/** Where a text begins that is opened by a parenthesis before its node: the node `(a).b` begins at `a`. */
function openedBefore(expression: string, start: number, end: number): number {
  let first = start;
  let closed = countUnopened(expression.slice(start, end));
  for (; closed > 0 && first > 0; closed--) {
    do first--;
    while (first > 0 && expression[first] !== '(');
  }
  return first;
}

function countUnopened(text: string): number {
  const signs = text.replace(/"(\\([\s\S]|$)|[^"\\])*("|$)|'(\\([\s\S]|$)|[^'\\])*('|$)/g, '');
  let depth = 0;
  let unopened = 0;
  for (const sign of signs) {
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) {
      unopened++;
      depth = 0;
    }
  }
  return unopened;
}
