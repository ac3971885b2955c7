import type { ASTNode } from '@marcbachmann/cel-js';
import { readStringLiteral, visitNodes } from './syntax-tree.ts';

/**
 * Writes comparisons with null as questions whether there is a value: `traits.vip == null` becomes `!has(traits.vip)`.
 * Null reads as missing, and a missing key would fail the comparison.
 */
export function replaceNullComparisons(ast: ASTNode, expression: string): string {
  const edits: { start: number; end: number; text: string }[] = [];
  visitNodes(ast, (node) => {
    if (node.op !== '==' && node.op !== '!=') return;
    const [left, right] = node.args as [ASTNode, ASTNode];
    const member = isNull(right) ? left : isNull(left) ? right : undefined;
    const path = member && writeMember(member, expression);
    if (path === undefined) return;
    edits.push({ start: node.start, end: node.end, text: `${node.op === '==' ? '!' : ''}has(${path})` });
  });
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: inner }) => text.slice(0, start) + inner + text.slice(end),
      expression,
    );
}

function isNull(node: ASTNode): boolean {
  return node.op === 'value' && node.args === null;
}

/** The access in the form that `has()` accepts; undefined for what is no access to a named member. */
function writeMember(node: ASTNode, expression: string): string | undefined {
  if (node.op === '.') return expression.slice(node.start, node.end);
  if (node.op !== '[]') return undefined;
  const [owner, key] = node.args as [ASTNode, ASTNode];
  const name = readStringLiteral(key);
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  return `${expression.slice(owner.start, owner.end)}.${name}`;
}
