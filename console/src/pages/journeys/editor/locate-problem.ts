/** A problem of a file, as the editor marks it. */
export interface ShownProblem {
  file: string;
  path: string;
  /** From 1; undefined where the problem is about the whole file. */
  line: number | undefined;
  message: string;
  severity: 'error' | 'warning';
}

/** The part of the text that a problem is about: the last key of its path on its line, else the line. */
export function locateProblem(
  text: string,
  { line = 1, path }: Pick<ShownProblem, 'line' | 'path'>,
): { from: number; to: number } {
  const lines = text.split('\n');
  const index = Math.max(0, Math.min(line, lines.length) - 1);
  const start = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0);
  const content = lines[index] ?? '';
  const key = /([\w.-]+)(?:\[\d+\])*$/.exec(path.split('.').at(-1) ?? '')?.[1];
  const found = key ? new RegExp(`(^|[\\s{,-])${escapePattern(key)}\\s*:`).exec(content) : null;
  if (found && key) {
    const from = start + found.index + (found[1] ?? '').length;
    return { from, to: from + key.length };
  }
  const indent = content.length - content.trimStart().length;
  const end = content.trimEnd().length;
  return { from: start + Math.min(indent, end), to: start + end };
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
