import { Liquid, type Template } from 'liquidjs';

/** Only for its static analysis: it renders nothing. */
const engine = new Liquid();

/**
 * Which attributes a template reads: names of traits, `account.{name}`; `*` where a name of a trait is computed or all
 * of them are passed on. So a message can say which data went into it, and on what ground (B-10).
 */
export function listAttributesRead(templates: Template[]): string[] {
  const names = new Set<string>();
  for (const segments of engine.globalVariableSegmentsSync(templates)) collect(segments, names);
  return [...names].sort();
}

/** Segments of `traits[event.name]` are `['traits', ['event', 'name']]`: a computed name is a path of its own. */
function collect(segments: readonly unknown[], names: Set<string>): void {
  const [root, name] = segments;
  if (root === 'traits') names.add(typeof name === 'string' ? name : '*');
  if (root === 'account' && typeof name === 'string') names.add(`account.${name}`);
  for (const segment of segments) if (Array.isArray(segment)) collect(segment, names);
}
