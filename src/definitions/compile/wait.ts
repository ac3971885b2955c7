import type { WaitUntil } from '../../domain/definition.ts';
import { joinPath } from '../source/problem.ts';
import { toMillis, toMinutes } from '../source/scalars.ts';
import { type UntilSource, WEEKDAYS } from '../source/step-schema.ts';
import { compileExpression, compileWhen } from './expression.ts';
import type { StepContext } from './step-context.ts';

/** Compiles one condition that ends a wait. */
export function compileUntil(source: UntilSource, path: string, context: StepContext): WaitUntil {
  const { compileTrigger, events } = context;
  if (typeof source === 'string')
    return { kind: 'event', trigger: compileTrigger({ on: source }, path), next: null };
  const next = source.next === undefined ? null : context.resolveTarget(joinPath(path, 'next'), source.next);
  if (source.on !== undefined)
    return { kind: 'event', trigger: compileTrigger({ ...source, on: source.on }, path), next };
  if (source.after !== undefined) return { kind: 'after', after: toMillis(source.after), next };
  if (source.at !== undefined) {
    const days = source.days?.map((day) => WEEKDAYS.indexOf(day)) ?? null;
    return { kind: 'at', at: toMinutes(source.at), days: days && [...new Set(days)].sort(), next };
  }
  if (source.date !== undefined) {
    const date =
      compileExpression(context, joinPath(path, 'date'), source.date, { expectedType: 'date', events }) ?? '';
    return { kind: 'date', date, offset: toMillis(source.offset ?? '0s'), next };
  }
  const when = compileWhen(context, path, source.when, { events }) ?? 'false';
  return { kind: 'when', when, for: toMillis(source.for ?? '0s'), next };
}
