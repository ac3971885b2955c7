import type { Trigger, WaitUntil } from '../../domain/definition.ts';
import { joinPath } from '../source/problem.ts';
import { toMillis, toMinutes } from '../source/scalars.ts';
import { type UntilSource, WEEKDAYS } from '../source/step-schema.ts';
import { compileExpression, compileWhen } from './expression.ts';
import type { StepContext } from './steps.ts';

/** Checks and compiles a trigger whose fields stand at `path`. */
export type CompileTrigger = (
  source: { on: string; when?: string | undefined; match?: Trigger['match'] | undefined },
  path: string,
) => Trigger;

/** Compiles one way in which a wait ends. */
export function compileUntil(source: UntilSource, path: string, within: StepContext): WaitUntil {
  const { trigger, reports, events } = within;
  if (typeof source === 'string')
    return { kind: 'event', trigger: trigger({ on: source }, path), next: null };
  const next = source.next === undefined ? null : within.targetAt(joinPath(path, 'next'), source.next);
  if (source.on !== undefined)
    return { kind: 'event', trigger: trigger({ ...source, on: source.on }, path), next };
  if (source.after !== undefined) return { kind: 'after', after: toMillis(source.after), next };
  if (source.at !== undefined) {
    const days = source.days?.map((day) => WEEKDAYS.indexOf(day)) ?? null;
    return { kind: 'at', at: toMinutes(source.at), days: days && [...new Set(days)].sort(), next };
  }
  if (source.date !== undefined) {
    const date =
      compileExpression(reports, joinPath(path, 'date'), source.date, { expectedType: 'date', events }) ?? '';
    return { kind: 'date', date, offset: toMillis(source.offset ?? '0s'), next };
  }
  const when = compileWhen(reports, path, source.when, { events }) ?? 'false';
  return { kind: 'when', when, for: toMillis(source.for ?? '0s'), next };
}
