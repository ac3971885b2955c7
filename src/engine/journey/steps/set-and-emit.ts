import type { Cel, EmitStep, SetStep } from '../../../domain/definition.ts';
import { CALL_NAMES } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { toPlainJson } from '../../../domain/values/plain-json.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { publishEvent } from '../publish-event.ts';

/**
 * A `set` step: variables of the enrollment at once, traits by an event of the log, so that they have a source, a time
 * and a place in the order of what others say. A value that fails is left as it was, and the decision says so.
 */
export function setValues(run: AdvanceRun, enrollment: Enrollment, step: SetStep): void {
  const vars = valuesOf(run, enrollment, step.vars);
  const traits = valuesOf(run, enrollment, step.traits);
  enrollment.vars = { ...enrollment.vars, ...vars };
  if (Object.keys(traits).length === 0) return;
  run.plan.outbox.push({
    messageId: `set:${enrollment.id}:${step.id}:${enrollment.sinceSeq}`,
    type: 'identify',
    name: CALL_NAMES.identify,
    source: `journey:${enrollment.journey}`,
    properties: {},
    traits,
  });
}

/** An `emit` step: once per enrollment, however often a loop passes it. An event that lacks a value isn't said at all. */
export function emitEvent(run: AdvanceRun, enrollment: Enrollment, step: EmitStep): void {
  if (enrollment.emitted?.includes(step.id)) return;
  const properties = valuesOf(run, enrollment, step.properties);
  if (Object.keys(properties).length < Object.keys(step.properties).length) return;
  enrollment.emitted = [...(enrollment.emitted ?? []), step.id];
  const source = `journey:${enrollment.journey}`;
  publishEvent(run, `emit:${enrollment.id}:${step.id}`, step.event, properties, source);
}

/**
 * Those values that could be had. All are reckoned before any is set, so their order means nothing; by name, since a
 * stored bundle doesn't keep the order of the file, and what fails is recorded in this one (I7).
 */
function valuesOf(run: AdvanceRun, enrollment: Enrollment, expressions: Record<string, Cel>) {
  const values: [string, unknown][] = [];
  const byName = Object.entries(expressions).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, expression] of byName) {
    const result = run.evaluate(expression, run.conditionContext(enrollment));
    const made = result.ok ? toPlainJson(result.value) : result;
    if (made.ok) values.push([name, made.value]);
    else run.recordFailedCondition(expression, made.error);
  }
  return Object.fromEntries(values);
}
