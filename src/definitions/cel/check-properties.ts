import type { Environment } from '@marcbachmann/cel-js';
import type { PropertyType } from '../../domain/definition/event-types.ts';
import { BoundedCache } from '../../domain/values/bounded-cache.ts';
import type { Report } from '../source/problem.ts';
import { CHECK_ONLY_HOST, compileCel } from './compile-cel.ts';
import { createCelEnvironment } from './environment.ts';
import { replaceNullComparisons } from './null-comparisons.ts';
import { formatAccessPath, readCall, readMember, replaceCalls, visitNodes } from './syntax-tree.ts';

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
 * Checks what a condition reads of `event.properties` against events.yaml. Reading a property that is declared for none
 * of the events is a warning, unless the condition checks it with `has()`. A type that can't fit is an error.
 * @param names the events that `event` may be; checked only if all of them are declared
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
  // An expression that doesn't parse has been reported.
  if (!compileCel(expression).ok) return;
  const fields = mergeTypes(declared as Readonly<Record<string, PropertyType>>[]);
  const reads = listPropertyReads(expression);
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
  const environment = getEnvironment(fields);
  // As it is evaluated: whether a property is null asks for no type.
  const parsed = environment.parse(replaceNullComparisons(UNTYPED.parse(expression).ast, expression));
  replaceCalls(parsed.ast);
  const result = parsed.check();
  if (!result.valid)
    error(path, `CEL: ${summarize(result.error)}; types are declared in events.yaml: ${expression}`);
}

function summarize(error: unknown): string {
  const { summary, message } = error as { summary?: string; message?: string };
  return summary ?? message ?? String(error);
}

/** The types of several events together. A property that two of them declare differently may be `any`. */
function mergeTypes(all: readonly Readonly<Record<string, PropertyType>>[]): Map<string, PropertyType> {
  const fields = new Map<string, PropertyType>();
  for (const [name, type] of all.flatMap((properties) => Object.entries(properties))) {
    fields.set(name, (fields.get(name) ?? type) === type ? type : 'any');
  }
  return fields;
}

/** Names of the properties that an expression reads. `computed`: it also reads some whose names it computes. */
function listPropertyReads(expression: string): {
  all: Set<string>;
  unguarded: Set<string>;
  computed: boolean;
} {
  const all = new Set<string>();
  const guarded = new Set<string>();
  let computed = false;
  visitNodes(UNTYPED.parse(expression).ast, (node, parent) => {
    if (node.op !== '.' || formatAccessPath(node) !== 'event.properties') return;
    const name = readMember(node, parent);
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) computed = true;
    else all.add(name);
  });
  visitNodes(UNTYPED.parse(expression).ast, (node) => {
    const argument = readCall(node)?.name === 'has' ? readCall(node)?.args[0] : undefined;
    if (argument?.op === '.' && formatAccessPath(argument.args[0]) === 'event.properties')
      guarded.add(argument.args[1]);
  });
  return { all, unguarded: new Set([...all].filter((name) => !guarded.has(name))), computed };
}

const UNTYPED = createCelEnvironment(CHECK_ONLY_HOST);
const environments = new BoundedCache<Environment>({
  maxEntries: 200,
  maxChars: 1_000_000,
  maxKeyChars: 20_000,
});

/** An environment in which `event.properties` has these fields. It is cached: many conditions read the same event. */
function getEnvironment(fields: ReadonlyMap<string, PropertyType>): Environment {
  const typed = Object.fromEntries([...fields].sort().map(([name, type]) => [name, CEL_TYPES[type]]));
  const key = JSON.stringify(typed);
  return environments.getOrCreate(key, () => createCelEnvironment(CHECK_ONLY_HOST, typed));
}
