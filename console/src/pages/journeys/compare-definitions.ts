interface Definition {
  steps: { id: string }[];
}

/** What the service keeps about a definition, and no author writes. */
const KEPT_BY_SERVICE = new Set(['activeSince', 'moved']);

/** Ids of steps that are in both definitions and differ. */
export function findChangedSteps(before: Definition, after: Definition): Set<string> {
  const earlier = new Map(before.steps.map((step) => [step.id, JSON.stringify(step)]));
  return new Set(
    after.steps.flatMap((step) => {
      const was = earlier.get(step.id);
      return was !== undefined && was !== JSON.stringify(step) ? [step.id] : [];
    }),
  );
}

/** A definition as lines of text, to compare: names and values, without brackets and without what is empty. */
export function writeDefinition(definition: object): string {
  const authored = Object.fromEntries(
    Object.entries(definition).filter(([name]) => !KEPT_BY_SERVICE.has(name)),
  );
  return writeValue(authored, 0).join('\n');
}

function writeValue(value: unknown, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item: unknown) => ['-', item])
    : Object.entries(value as object).map(([name, item]) => [`${name}:`, item]);
  return entries.flatMap(([name, item]) => {
    if (item === null || item === undefined) return [];
    if (typeof item !== 'object') return [`${indent}${name} ${writeScalar(name, item)}`];
    const lines = writeValue(item, depth + 1);
    return lines.length === 0 ? [] : [`${indent}${name}`, ...lines];
  });
}

/** Members of a compiled definition that are durations, in milliseconds. */
const DURATIONS = new Set(
  ['after', 'for', 'within', 'hold', 'offset', 'maxAge', 'grace'].map((name) => `${name}:`),
);
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Durations are written as in a bundle: `7d`. */
function writeScalar(name: string, value: unknown): string {
  if (typeof value !== 'number' || !DURATIONS.has(name)) return String(value);
  const [unit, size] = UNITS.find(([, size]) => value !== 0 && value % size === 0) ?? ['s', 1_000];
  return `${value / size}${unit}`;
}
