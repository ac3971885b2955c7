import { readFileSync } from 'node:fs';

/** The last lines of a log file, or a note that it is empty or missing. */
export function readLastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') || '(its log is empty)';
  } catch {
    return '(no log)';
  }
}
