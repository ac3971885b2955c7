/** Something wrong with a bundle: where, and what to do about it. */
export interface Problem {
  /** Path of the file in the bundle. */
  file: string;
  /** Within the file, such as `steps[2].decide.actions[0]`; empty for the whole file. */
  path: string;
  message: string;
}

/** Notes a problem at a path of whatever is being compiled. */
export type Report = (path: string, message: string) => void;

/** `['steps', 2, 'decide']` → `steps[2].decide`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => joinPath(text, typeof key === 'number' ? `[${key}]` : String(key)),
    '',
  );
}

/** Appends a part of a path to another. */
export function joinPath(path: string, part: string): string {
  if (path === '' || part === '' || part.startsWith('[')) return path + part;
  return `${path}.${part}`;
}

/** A report whose paths are inside `prefix`. */
export function reportWithin(report: Report, prefix: string): Report {
  return (path, message) => report(joinPath(prefix, path), message);
}
