import { readFileSync } from 'node:fs';

/** The last lines of a log file that say something, or a note that there is none. */
export function readLastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') || '(its log is empty)';
  } catch {
    return '(no log)';
  }
}
