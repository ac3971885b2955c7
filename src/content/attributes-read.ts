import { Liquid, type Template } from 'liquidjs';

/** Used for static analysis only. */
const engine = new Liquid();

/**
 * Lists the attributes that templates read, sorted: names of traits, and `account.{name}`. `*` stands for a trait whose
 * name is computed, and for all traits at once. A message records them, with the permission to use each (B-10).
 */
export function listAttributesRead(templates: Template[]): string[] {
  const names = new Set<string>();
  for (const segments of engine.globalVariableSegmentsSync(templates)) collect(segments, names);
  return [...names].sort();
}

/** LiquidJS gives `traits[event.name]` as `['traits', ['event', 'name']]`: a computed name is a nested path. */
function collect(segments: readonly unknown[], names: Set<string>): void {
  const [root, name] = segments;
  if (root === 'traits') names.add(typeof name === 'string' ? name : '*');
  if (root === 'account' && typeof name === 'string') names.add(`account.${name}`);
  for (const segment of segments) if (Array.isArray(segment)) collect(segment, names);
}
