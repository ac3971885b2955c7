import { equalJson } from './equal-json.ts';

export type Change = 'added' | 'removed' | 'changed';

/** Compares two lists of definitions by id and maps each difference: removed ones first, then the order of `after`. */
export function diffById<T extends { id: string }, Edit>(
  before: readonly T[],
  after: readonly T[],
  toEdit: (id: string, change: Change, before?: T, after?: T) => Edit,
): Edit[] {
  const beforeById = new Map(before.map((item) => [item.id, item]));
  const idsAfter = new Set(after.map((item) => item.id));
  return [
    ...before.filter(({ id }) => !idsAfter.has(id)).map(({ id }) => toEdit(id, 'removed')),
    ...after.flatMap((item) => {
      const previous = beforeById.get(item.id);
      if (previous === undefined) return [toEdit(item.id, 'added')];
      return equalJson(previous, item) ? [] : [toEdit(item.id, 'changed', previous, item)];
    }),
  ];
}

/** Keys whose values differ, sorted. A key that only one of the two has differs. */
export function listChangedKeys<T extends object>(before: Partial<T>, after: T): (keyof T & string)[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort() as (keyof T & string)[];
  const read = (record: object, key: string): unknown =>
    Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
  return keys.filter((key) => !equalJson(read(before, key), read(after, key)));
}
