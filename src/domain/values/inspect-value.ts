export const MAX_DEPTH = 32;

export type Flaw = 'too_deep' | 'invalid_text';

/**
 * Finds what can't be stored or walked: U+0000 or half a surrogate pair in any string or key, and nesting beyond
 * `maxDepth`. Removes `__proto__` keys in place. It keeps its own stack, because deep nesting would overflow recursion.
 */
export function inspectValue(root: unknown, maxDepth: number = MAX_DEPTH): Flaw | null {
  const values: unknown[] = [root];
  const depths: number[] = [1];
  while (values.length > 0) {
    const value = values.pop();
    const depth = depths.pop() as number;
    if (typeof value === 'string') {
      if (!isStorable(value)) return 'invalid_text';
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) return 'too_deep';
    if (Array.isArray(value)) {
      for (const item of value) {
        values.push(item);
        depths.push(depth + 1);
      }
      continue;
    }
    for (const key of Object.keys(value)) {
      if (key === '__proto__') {
        delete (value as Record<string, unknown>)[key];
        continue;
      }
      if (!isStorable(key)) return 'invalid_text';
      values.push((value as Record<string, unknown>)[key]);
      depths.push(depth + 1);
    }
  }
  return null;
}

export function describeFlaw(flaw: Flaw): string {
  if (flaw === 'too_deep') return `nested deeper than ${MAX_DEPTH} levels`;
  return 'a string holds U+0000 or half a surrogate pair';
}

/** Whether Postgres can store the text. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Serialises the upper levels of a value as JSON, cut to `maxChars`: what is kept of a value refused for its depth. */
export function excerpt(value: unknown, maxChars: number, depth: number = MAX_DEPTH): string {
  return (JSON.stringify(prune(value, depth)) ?? 'null').slice(0, maxChars);
}

function prune(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => prune(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prune(item, depth - 1)]));
}
