import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import type { PropertyType } from '../source/event-schema.ts';
import type { Report } from '../source/problem.ts';
import { CHECK_ONLY_HOST, compileCel } from './compile-cel.ts';
import { createCelEnvironment } from './environment.ts';
import { formatAccessPath, readCall, readStringLiteral, replaceCalls, visitNodes } from './syntax-tree.ts';

/** Types of properties, by event. */
export type EventTypes = ReadonlyMap<string, Readonly<Record<string, PropertyType>>>;

const CEL_TYPES: Record<PropertyType, string> = {
  string: 'string',
  number: 'double',
  boolean: 'bool',
  list: 'list<dyn>',
  map: 'map<string, dyn>',
  any: 'dyn',
};

/**
 * Checks what a condition reads of `event.properties` against events.yaml, where the event may be any of `names`. A
 * property that is declared for none of them is read in vain, unless has() asks first; a type that can't fit is an error.
 */
export function checkProperties(
  expression: string,
  names: readonly string[],
  types: EventTypes,
  { error, warn }: { error: Report; warn: Report },
  path: string,
): void {
  const declared = names.map((name) => types.get(name));
  if (names.length === 0 || declared.some((properties) => properties === undefined)) return;
  // What doesn't even parse is reported already.
  if (!compileCel(expression).ok) return;
  const fields = unite(declared as Readonly<Record<string, PropertyType>>[]);
  const reads = readsOf(expression);
  for (const name of reads.unguarded) {
    if (fields.has(name)) continue;
    const event = names.map((name) => `'${name}'`).join(' or ');
    warn(
      path,
      `CEL: ${event} has no property '${name}' in events.yaml: declare it there, or check has() first`,
    );
  }
  if (reads.computed) return;
  for (const name of reads.all) if (!fields.has(name)) fields.set(name, 'any');
  const parsed = environmentOf(fields).parse(expression);
  replaceCalls(parsed.ast);
  const checked = parsed.check();
  if (!checked.valid)
    error(path, `CEL: ${summaryOf(checked.error)}; types are declared in events.yaml: ${expression}`);
}

function summaryOf(error: unknown): string {
  const { summary, message } = error as { summary?: string; message?: string };
  return summary ?? message ?? String(error);
}

/** A property that two events type differently could be either. */
function unite(all: readonly Readonly<Record<string, PropertyType>>[]): Map<string, PropertyType> {
  const fields = new Map<string, PropertyType>();
  for (const [name, type] of all.flatMap((properties) => Object.entries(properties))) {
    fields.set(name, (fields.get(name) ?? type) === type ? type : 'any');
  }
  return fields;
}

/** Names read of `event.properties`; `computed` when some can't be told from the text. */
function readsOf(expression: string): { all: Set<string>; unguarded: Set<string>; computed: boolean } {
  const all = new Set<string>();
  const guarded = new Set<string>();
  let computed = false;
  visitNodes(PLAIN.parse(expression).ast, (node, parent) => {
    if (node.op !== '.' || formatAccessPath(node) !== 'event.properties') return;
    const name = memberOf(node, parent);
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) computed = true;
    else all.add(name);
  });
  visitNodes(PLAIN.parse(expression).ast, (node) => {
    const asked = readCall(node)?.name === 'has' ? readCall(node)?.args[0] : undefined;
    if (asked?.op === '.' && formatAccessPath(asked.args[0]) === 'event.properties')
      guarded.add(asked.args[1]);
  });
  return { all, unguarded: new Set([...all].filter((name) => !guarded.has(name))), computed };
}

function memberOf(node: ASTNode, parent: ASTNode | null): string | undefined {
  if (parent?.op === '.' && parent.args[0] === node) return parent.args[1];
  if (parent?.op === '[]' && parent.args[0] === node) return readStringLiteral(parent.args[1]);
  return undefined;
}

const PLAIN = createCelEnvironment(CHECK_ONLY_HOST);
const KEPT = 200;
const environments = new LRUCache<string, Environment>({ max: KEPT });

/** An environment in which `event.properties` has these fields. Many conditions ask about the same event. */
function environmentOf(fields: ReadonlyMap<string, PropertyType>): Environment {
  const typed = Object.fromEntries([...fields].sort().map(([name, type]) => [name, CEL_TYPES[type]]));
  const key = JSON.stringify(typed);
  let env = environments.get(key);
  if (!env) {
    env = createCelEnvironment(CHECK_ONLY_HOST, typed);
    environments.set(key, env);
  }
  return env;
}
