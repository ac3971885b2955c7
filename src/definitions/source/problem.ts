/** A mistake in a bundle: where it is, and what to do about it. */
export interface Problem {
  /** Path of the file in the bundle. */
  file: string;
  /** Within the file, such as `steps[2].decide.actions[0]`; empty for the whole file. */
  path: string;
  message: string;
  /** Of the file, from 1; undefined where the problem is no place in it. */
  line?: number | undefined;
}

/**
 * Records a problem at a path within the definition that is being compiled.
 * @param place the path whose line is named, if it is another one
 */
export type Report = (path: string, message: string, place?: string) => void;

/** `['steps', 2, 'decide']` → `steps[2].decide`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => joinPath(text, typeof key === 'number' ? `[${key}]` : String(key)),
    '',
  );
}

/** `steps[2]` and `decide` → `steps[2].decide`; `steps` and `[2]` → `steps[2]`. */
export function joinPath(path: string, part: string): string {
  if (path === '' || part === '' || part.startsWith('[')) return path + part;
  return `${path}.${part}`;
}
