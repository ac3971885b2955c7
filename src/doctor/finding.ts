/** `ok`: as it should be. `warn`: works, with a risk or a delay. `fail`: something does not work. */
export type Level = 'ok' | 'warn' | 'fail';

/** One thing that was looked at. */
export interface Finding {
  level: Level;
  /** What was looked at, stable and lower_snake: `postgres_fsync`. */
  check: string;
  message: string;
  /** What to do about it; of `ok` there is none. */
  remedy?: string;
}

/** Everything is as it should be. */
export function ok(check: string, message: string): Finding {
  return { level: 'ok', check, message };
}

/** It works, with a risk or a delay. */
export function warn(check: string, message: string, remedy: string): Finding {
  return { level: 'warn', check, message, remedy };
}

/** Something does not work. */
export function fail(check: string, message: string, remedy: string): Finding {
  return { level: 'fail', check, message, remedy };
}

/** `one event` or `3 events`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return n === 1 ? `one ${singular}` : `${n} ${plural}`;
}

const UNITS: [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** `45 s`, `3 min`, `5 h`, `2 d`: rounded down. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [size, unit] = UNITS.find(([length]) => seconds >= length) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** `12 kB`, `340 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}
