import type { EmitStep, SetStep } from '../../domain/definition.ts';
import { CALL_NAMES, classifyEvent, EVENT } from '../../domain/event.ts';
import { writeNumberLiteral } from '../cel/number-literal.ts';
import { joinPath } from '../source/problem.ts';
import type { StepSource } from '../source/step-schema.ts';
import { compileExpression } from './expression.ts';
import type { StepContext } from './step-context.ts';

/** Compiles `set`: variables of the enrollment and traits of the profile. */
export function compileSet(
  source: NonNullable<StepSource['set']>,
  path: string,
  context: StepContext,
): Pick<SetStep, 'vars' | 'traits'> {
  const result: Pick<SetStep, 'vars' | 'traits'> = { vars: {}, traits: {} };
  for (const [key, expression] of Object.entries(source)) {
    const [target, name] = key.split('.') as ['vars' | 'traits', string];
    result[target][name] =
      compileExpression(context, joinPath(path, key), expression, {
        expectedType: 'any',
        events: context.events,
      }) ?? 'null';
  }
  return result;
}

/** Compiles `emit`. Numbers and booleans become CEL literals. */
export function compileEmit(
  source: NonNullable<StepSource['emit']>,
  path: string,
  context: StepContext,
): Pick<EmitStep, 'event' | 'properties'> {
  if (isReservedEvent(source.event)) {
    context.error(
      joinPath(path, 'event'),
      `'${source.event}' is an event that Throughline emits: choose another name`,
    );
  }
  const properties = Object.entries(source.properties).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') return [name, toLiteral(value)];
    return [
      name,
      compileExpression(context, `${path}.properties.${name}`, value, {
        expectedType: 'any',
        events: context.events,
      }) ?? 'null',
    ];
  });
  return { event: source.event, properties: Object.fromEntries(properties) };
}

function toLiteral(value: number | boolean): string {
  return typeof value === 'number' ? writeNumberLiteral(value) : String(value);
}

/** Events that the engine relies on: a journey must not be able to forge them. */
function isReservedEvent(name: string): boolean {
  if (Object.values<string>({ ...EVENT, ...CALL_NAMES }).includes(name)) return true;
  return !['purchase', 'behaviour'].includes(classifyEvent(name)) || name.startsWith('Segment ');
}
