import type { Cel, EmitStep, SetStep } from '../../../domain/definition.ts';
import { CALL_NAMES } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { toPlainJson } from '../../../domain/values/plain-json.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { publishEvent } from '../publish-event.ts';

/**
 * A `set` step. It sets variables of the enrollment at once, and traits through an event of the log, so that they have
 * a source, a time and a place in the order of events. A value that fails to evaluate stays as it was and is recorded.
 */
export function setValues(run: AdvanceRun, enrollment: Enrollment, step: SetStep): void {
  const vars = computeValues(run, enrollment, step.vars);
  const traits = computeValues(run, enrollment, step.traits);
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

/** An `emit` step, once per enrollment even in a loop. If one of its values fails to evaluate, no event is emitted. */
export function emitEvent(run: AdvanceRun, enrollment: Enrollment, step: EmitStep): void {
  if (enrollment.emitted?.includes(step.id)) return;
  const properties = computeValues(run, enrollment, step.properties);
  if (Object.keys(properties).length < Object.keys(step.properties).length) return;
  enrollment.emitted = [...(enrollment.emitted ?? []), step.id];
  const source = `journey:${enrollment.journey}`;
  publishEvent(run, `emit:${enrollment.id}:${step.id}`, step.event, properties, source);
}

/**
 * The values that could be computed. All are computed before any is set, so that their order has no effect. They are
 * sorted by name, since a stored bundle does not keep the order of the file and failures are recorded in order (I7).
 */
function computeValues(run: AdvanceRun, enrollment: Enrollment, expressions: Record<string, Cel>) {
  const values: [string, unknown][] = [];
  const byName = Object.entries(expressions).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, expression] of byName) {
    const result = run.evaluate(expression, run.conditionContext(enrollment));
    const json = result.ok ? toPlainJson(result.value) : result;
    if (json.ok) values.push([name, json.value]);
    else run.recordFailedCondition(expression, json.error);
  }
  return Object.fromEntries(values);
}
