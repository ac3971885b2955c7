/** Reads an own property. Keys come from outside, so `constructor` must not find what every object inherits. */
export function getOwn<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
