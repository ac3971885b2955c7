/** Whether a value of JSON is an object: neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object as it is, anything else as an object without members. */
export function readObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
