import type { ASTNode } from '@marcbachmann/cel-js';
import { CEL_ROOTS, REPLACED_FUNCTIONS } from './environment.ts';

/** What an expression reads. The compiled interest is made from it. */
export interface References {
  /** Variables it starts from: `traits`, `cart`… */
  roots: string[];
  /** Names of traits; `*` when a name is computed. */
  traits: string[];
  /** Names of the account's attributes; `*` when a name is computed. */
  account: string[];
  /** Names of scores; `*` when a name is computed. */
  scores: string[];
  /** Event names in `count()` and `daysSince()`. */
  events: string[];
  /** The longest `days` of `count(event, days)`, by event. */
  windows: Record<string, number>;
}

/** A call of `segment('id')` and its position in the text. */
export interface SegmentCall {
  id: string;
  start: number;
  end: number;
}

/** The largest `days` that `count(event, days)` accepts. */
export const MAX_COUNT_DAYS = 3_660;

/** Visits each node once, in the form before macros are expanded: there macros still have all their arguments. */
export function visitNodes(
  node: ASTNode,
  see: (node: ASTNode, parent: ASTNode | null) => void,
  parent: ASTNode | null = null,
): void {
  see(node, parent);
  for (const child of listChildren(node)) visitNodes(child, see, node);
}

export function listChildren(node: ASTNode): ASTNode[] {
  return [...nodesIn(node.args)];
}

function* nodesIn(args: unknown): Generator<ASTNode> {
  if (Array.isArray(args)) for (const arg of args) yield* nodesIn(arg);
  else if (isNode(args)) yield args;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** Function or method name and arguments of a call, or undefined. */
export function readCall(
  node: ASTNode,
): { name: string; receiver: ASTNode | null; args: ASTNode[] } | undefined {
  if (node.op === 'call') return { name: node.args[0], receiver: null, args: node.args[1] };
  if (node.op === 'rcall') return { name: node.args[0], receiver: node.args[1], args: node.args[2] };
  return undefined;
}

/** A string literal's text, or undefined. */
export function readStringLiteral(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** The literal number of days in `count(event, days)`. Undefined if it is none, or out of range. */
export function readDays(node: ASTNode | undefined): number | undefined {
  const value = node?.op === 'value' ? node.args : undefined;
  const days = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : 0;
  return days > 0 && days <= MAX_COUNT_DAYS ? days : undefined;
}

/** All calls of `segment()` with a literal id, in the order of the text. */
export function findSegmentCalls(ast: ASTNode): SegmentCall[] {
  const calls: SegmentCall[] = [];
  visitNodes(ast, (node) => {
    const call = readCall(node);
    const id =
      call?.name === 'segment' && call.receiver === null ? readStringLiteral(call.args[0]) : undefined;
    if (id !== undefined) calls.push({ id, start: node.start, end: node.end });
  });
  return calls.sort((a, b) => a.start - b.start);
}

/** Renames calls of functions that Throughline replaces. Must run before the type check, which binds the names. */
export function replaceCalls(ast: ASTNode): void {
  visitNodes(ast, (node) => {
    const call = readCall(node);
    if (!call || !Object.hasOwn(REPLACED_FUNCTIONS, call.name)) return;
    (node.args as unknown[])[0] = REPLACED_FUNCTIONS[call.name as keyof typeof REPLACED_FUNCTIONS];
  });
}

/** `event.properties.value`, as the author wrote it; computed keys read as `[…]`. */
export function formatAccessPath(node: ASTNode | undefined): string {
  if (!node) return '?';
  if (node.op === 'id') return node.args;
  if (node.op === '.') return `${formatAccessPath(node.args[0])}.${node.args[1]}`;
  if (node.op === '[]') {
    const key = node.args[1];
    return `${formatAccessPath(node.args[0])}[${key.op === 'value' ? keyText(key) : '…'}]`;
  }
  return `(${node.input.slice(node.start, node.end)})`;
}

function keyText(key: ASTNode): string {
  const text = readStringLiteral(key);
  return text === undefined ? String(key.args) : JSON.stringify(text);
}

/** Collects what an expression refers to. */
export function collectReferences(ast: ASTNode): References {
  const roots = new Set<string>();
  const traits = new Set<string>();
  const account = new Set<string>();
  const scores = new Set<string>();
  const events = new Set<string>();
  const windows = new Map<string, number>();
  visitNodes(ast, (node, parent) => {
    if (node.op === 'id' && (CEL_ROOTS as readonly string[]).includes(node.args)) {
      roots.add(node.args);
      if (node.args === 'traits') traits.add(readMember(node, parent) ?? '*');
      if (node.args === 'account') account.add(readMember(node, parent) ?? '*');
      if (node.args === 'scores') scores.add(readMember(node, parent) ?? '*');
    }
    const call = readCall(node);
    const event = readStringLiteral(call?.args[0]);
    if ((call?.name === 'count' || call?.name === 'daysSince') && event !== undefined) events.add(event);
    const days = call?.name === 'count' ? readDays(call.args[1]) : undefined;
    if (event !== undefined && days !== undefined)
      windows.set(event, Math.max(days, windows.get(event) ?? 0));
  });
  return {
    roots: [...roots].sort(),
    traits: [...traits].sort(),
    account: [...account].sort(),
    scores: [...scores].sort(),
    events: [...events].sort(),
    windows: Object.fromEntries(windows),
  };
}

/** The literal name of `node.name` or `node['name']`, where `parent` is that access. Undefined for a computed name. */
export function readMember(node: ASTNode, parent: ASTNode | null): string | undefined {
  if (parent?.op === '.' && parent.args[0] === node) return parent.args[1];
  if (parent?.op === '[]' && parent.args[0] === node) return readStringLiteral(parent.args[1]);
  return undefined;
}
