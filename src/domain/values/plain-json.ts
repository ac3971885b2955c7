/** Limits for values in a state that is kept for years: characters of JSON, and depth. */
const LONGEST = 8_000;
const DEEPEST = 16;

/** A value as plain JSON, or the reason why it has no such form. */
export type PlainJsonResult = { ok: true; value: unknown } | { ok: false; error: string };

/**
 * Converts the result of an expression to plain JSON. Timestamps become RFC 3339, maps become objects. Never throws.
 *
 * @param longest characters of JSON that it may have
 */
export function toPlainJson(value: unknown, longest = LONGEST): PlainJsonResult {
  try {
    const json = convert(value, 0);
    if (JSON.stringify(json).length > longest)
      return { ok: false, error: `longer than ${longest} characters of JSON` };
    return { ok: true, value: json };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function convert(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new Error(`nested deeper than ${DEEPEST}`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`${value} is not a number in JSON`);
    return value === 0 ? 0 : value;
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1));
  if (typeof value !== 'object') throw new Error(`a ${typeof value} can't be kept`);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const kept = entries.filter(([, item]) => item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [String(key), convert(item, depth + 1)]));
}
