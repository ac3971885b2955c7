/** Deeper values count as equal. No sender's event is nested so deeply (`src/sources/inspect-value.ts`). */
const MAX_DEPTH = 64;

/**
 * Writes a JSON value as a text that is the same for the same content, in whatever order its members are. It is no
 * JSON: texts have their length in front instead of escapes, since every accepted event passes here.
 */
export function toCanonicalText(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    let items = '[';
    for (const item of value) items += `${toCanonicalText(item, depth + 1)},`;
    return `${items}]`;
  }
  let members = '{';
  for (const key of sortKeys(Object.keys(value))) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members += `${key.length}:${key}${toCanonicalText(member, depth + 1)},`;
  }
  return `${members}}`;
}

/** Fast path: most senders write the keys of one kind of event in one order, but few of them sorted. */
function sortKeys(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  return keys;
}
