import type { Trigger, WaitUntil } from '../domain/definition.ts';
import { celAt, whenAt } from './cel-check.ts';
import type { Within } from './compile-steps.ts';
import { join } from './problem.ts';
import { millis, minutes } from './scalars.ts';
import { type UntilSource, WEEKDAYS } from './step-schema.ts';

/** Checks and compiles a trigger whose fields stand at `path`. */
export type CompileTrigger = (
  source: { on: string; when?: string | undefined; match?: Trigger['match'] | undefined },
  path: string,
) => Trigger;

/** Compiles one way in which a wait ends. */
export function compileUntil(source: UntilSource, path: string, within: Within): WaitUntil {
  const { trigger, reports, events } = within;
  if (typeof source === 'string')
    return { kind: 'event', trigger: trigger({ on: source }, path), next: null };
  const next = source.next === undefined ? null : within.targetAt(join(path, 'next'), source.next);
  if (source.on !== undefined)
    return { kind: 'event', trigger: trigger({ ...source, on: source.on }, path), next };
  if (source.after !== undefined) return { kind: 'after', after: millis(source.after), next };
  if (source.at !== undefined) {
    const days = source.days?.map((day) => WEEKDAYS.indexOf(day)) ?? null;
    return { kind: 'at', at: minutes(source.at), days: days && [...new Set(days)].sort(), next };
  }
  if (source.date !== undefined) {
    const date = celAt(reports, join(path, 'date'), source.date, { want: 'date', events }) ?? '';
    return { kind: 'date', date, offset: millis(source.offset ?? '0s'), next };
  }
  const when = whenAt(reports, path, source.when, { events }) ?? 'false';
  return { kind: 'when', when, for: millis(source.for ?? '0s'), next };
}
