/** Deeper values are left as they are. Acceptance refuses events that are nested deeper. */
const DEEPEST = 32;

/**
 * A value without the members that are null: senders write null for what they don't have, so it reads as missing. Items
 * of lists stay, since their place counts. Returns the same object if there is nothing to drop.
 */
export function dropNulls<T>(value: T, depth = DEEPEST): T {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return dropInItems(value, depth) as T;
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
    return value;
  return dropInMembers(value as Record<string, unknown>, depth) as T;
}

function dropInItems(items: unknown[], depth: number): unknown[] {
  let changed: unknown[] | undefined;
  for (const [i, item] of items.entries()) {
    const kept = dropNulls(item, depth - 1);
    if (kept === item) continue;
    changed ??= [...items];
    changed[i] = kept;
  }
  return changed ?? items;
}

function dropInMembers(members: Record<string, unknown>, depth: number): Record<string, unknown> {
  let changed: Record<string, unknown> | undefined;
  for (const [name, member] of Object.entries(members)) {
    const kept = dropNulls(member, depth - 1);
    if (kept === member && member !== null && member !== undefined) continue;
    changed ??= { ...members };
    if (kept === null || kept === undefined) delete changed[name];
    else changed[name] = kept;
  }
  return changed ?? members;
}
