/** What cel-js asks for the type of a value that it knows only when it evaluates. */
interface TypeReader {
  debugTypeDeep(value: unknown): unknown;
}

/**
 * Makes the evaluator of cel-js read the type of a map in the same time however large it is. It takes the type from the
 * first entry, and lists all keys to find it, each time that a function or operator is given the map. Here the first
 * entry is found once.
 */
export function readTypesQuickly(evaluator: TypeReader): void {
  if (Object.hasOwn(evaluator, 'debugTypeDeep')) return;
  const firstEntries = new WeakMap<object, Record<string, unknown>>();
  const readType = evaluator.debugTypeDeep;
  evaluator.debugTypeDeep = (value) => {
    if (!isPlainObject(value)) return readType.call(evaluator, value);
    let first = firstEntries.get(value);
    if (first === undefined) {
      first = readFirstEntry(value);
      firstEntries.set(value, first);
    }
    return readType.call(evaluator, first);
  };
}

function readFirstEntry(map: Record<string, unknown>): Record<string, unknown> {
  for (const key in map) return { [key]: map[key] };
  return {};
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
