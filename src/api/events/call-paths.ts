import type { CallType } from '../../domain/event.ts';

/** The paths of Segment's HTTP tracking API, the short ones of its browser library, and RudderStack's beacon. */
export const CALL_PATHS: ReadonlyMap<string, CallType | 'batch'> = new Map([
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
  ['/v1/batch', 'batch'],
  ['/v1/b', 'batch'],
  // Segment's Java library sends its batches here.
  ['/v1/import', 'batch'],
  ['/beacon/v1/batch', 'batch'],
]);

/** The call that a path names. Some libraries add a slash at the end; as on all paths, capital letters are the same. */
export function findCall(path: string): CallType | 'batch' | undefined {
  return CALL_PATHS.get(path) ?? CALL_PATHS.get(toListedPath(path));
}

/** The path of a call as `CALL_PATHS` has it; undefined if the path is none. */
export function findCallPath(path: string): string | undefined {
  if (CALL_PATHS.has(path)) return path;
  const listed = toListedPath(path);
  return CALL_PATHS.has(listed) ? listed : undefined;
}

function toListedPath(path: string): string {
  return path.toLowerCase().replace(/\/$/, '');
}
