/** Larger values than this aren't kept in a state that is carried over years. */
const LONGEST = 8_000;
const DEEPEST = 16;

/** A value of an expression as plain JSON, or why it can't be one. */
export type PlainJsonResult = { ok: true; value: unknown } | { ok: false; error: string };

/** Turns what an expression gave into plain JSON: timestamps become RFC 3339, maps become objects. Never throws. */
export function toPlainJson(value: unknown): PlainJsonResult {
  try {
    const made = convert(value, 0);
    if (JSON.stringify(made).length > LONGEST)
      return { ok: false, error: `longer than ${LONGEST} characters of JSON` };
    return { ok: true, value: made };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function convert(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new Error(`nested deeper than ${DEEPEST}`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`${value} is not a number that JSON knows`);
    return value === 0 ? 0 : value;
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => convert(one, depth + 1));
  if (typeof value !== 'object') throw new Error(`a ${typeof value} can't be kept`);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const kept = entries.filter(([, one]) => one !== undefined);
  return Object.fromEntries(kept.map(([key, one]) => [String(key), convert(one, depth + 1)]));
}
