/** A value that a sender has stated, as text. */
export function writeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}
