import type { EmitStep, SetStep } from '../../domain/definition.ts';
import { CALL_NAMES, classifyEvent, EVENT } from '../../domain/event.ts';
import { joinPath } from '../source/problem.ts';
import type { StepSource } from '../source/step-schema.ts';
import { compileExpression } from './expression.ts';
import type { StepContext } from './step-context.ts';

/** Compiles `set`: what it keeps in the enrollment, and what in the profile. */
export function compileSet(
  source: NonNullable<StepSource['set']>,
  path: string,
  context: StepContext,
): Pick<SetStep, 'vars' | 'traits'> {
  const kept: Pick<SetStep, 'vars' | 'traits'> = { vars: {}, traits: {} };
  for (const [target, expression] of Object.entries(source)) {
    const [where, name] = target.split('.') as ['vars' | 'traits', string];
    kept[where][name] =
      compileExpression(context, joinPath(path, target), expression, {
        expectedType: 'any',
        events: context.events,
      }) ?? 'null';
  }
  return kept;
}

/** Compiles `emit`. Numbers and truth values count as the expressions that give them. */
export function compileEmit(
  source: NonNullable<StepSource['emit']>,
  path: string,
  context: StepContext,
): Pick<EmitStep, 'event' | 'properties'> {
  if (isOurs(source.event)) {
    context.error(
      joinPath(path, 'event'),
      `'${source.event}' is an event that Throughline emits: choose another name`,
    );
  }
  const properties = Object.entries(source.properties).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') return [name, literal(value)];
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

function literal(value: number | boolean): string {
  return typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A journey must not be able to forge what the engine goes by. */
function isOurs(name: string): boolean {
  if (Object.values<string>({ ...EVENT, ...CALL_NAMES }).includes(name)) return true;
  return !['purchase', 'behaviour'].includes(classifyEvent(name)) || name.startsWith('Segment ');
}
