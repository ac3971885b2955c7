import { parseInstant } from '../../domain/time/read-time.ts';
import { HttpError } from './http-error.ts';

/** The position where a list continues: opaque to callers. */
export function encodeCursor(...place: (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Reads the position in a cursor. @throws HttpError 400 unless it fits the list */
export function decodeCursor<T extends (string | number)[]>(
  cursor: string | undefined,
  fits: (place: unknown[]) => boolean,
): T | null {
  if (cursor === undefined) return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && fits(place)) return place as T;
  } catch {
    // Text that is no cursor gets the same answer as a cursor of another list.
  }
  throw new HttpError(400, 'invalid_cursor', 'the cursor is not valid for this list');
}

/** A position of a time as Postgres writes it, and an id. */
export function isTimeAndId(place: unknown[]): boolean {
  const [wall, id] = place;
  return (
    place.length === 2 &&
    typeof wall === 'string' &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(wall) &&
    Number.isFinite(parseInstant(wall)) &&
    isId(id)
  );
}

export function isId(id: unknown): boolean {
  return typeof id === 'string' && /^[\w]{1,200}$/.test(id);
}

/** One page, and the cursor of the next. The caller reads one row more than `limit`. */
export function toPage<R, T>(
  rows: R[],
  limit: number,
  place: (row: R) => string,
  item: (row: R) => T,
): { data: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(item), nextCursor: rows.length > limit && last ? place(last) : null };
}
