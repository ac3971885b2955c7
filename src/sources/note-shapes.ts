import type { CallType } from '../domain/event.ts';
import { NO_NOTES, type Note, writeNote } from '../domain/note.ts';
import { isObject } from '../domain/values/json-object.ts';
import { isAbsent } from '../domain/values/read-number.ts';

type Fields = Record<string, unknown>;

/** What a call may hold at its top level. */
const FIELDS: ReadonlySet<string> = new Set([
  ...['type', 'event', 'userId', 'anonymousId', 'previousId', 'groupId', 'messageId', 'name', 'category'],
  ...['properties', 'traits', 'context', 'integrations', 'options', 'historical', 'writeKey', 'channel'],
  ...['timestamp', 'originalTimestamp', 'sentAt', 'receivedAt', 'version', 'projectId', '_metadata'],
  ...['rudderId', 'request_ip'],
]);

/** Notes parts of a call that are not what they should be, so that they count as absent. What was sent is not repeated. */
export function noteShapes(raw: Fields, call: CallType): readonly Note[] {
  let notes: readonly Note[] = NO_NOTES;
  const expectType = (value: unknown, field: string, isRight: boolean) => {
    if (!isRight && !isAbsent(value)) notes = [...notes, writeNote('wrong_type', field, describeType(value))];
  };
  for (const field of ['properties', 'traits', 'context'] as const)
    expectType(raw[field], field, isObject(raw[field]));
  if (isObject(raw.context)) {
    const { traits, consentManagement: consent } = raw.context;
    expectType(traits, 'context.traits', isObject(traits));
    expectType(consent, 'context.consentManagement', isObject(consent));
    for (const name of isObject(consent) ? ['allowedConsentIds', 'deniedConsentIds'] : []) {
      const ids = (consent as Fields)[name];
      expectType(ids, `context.consentManagement.${name}`, Array.isArray(ids));
    }
  }
  if (isObject(raw.properties)) {
    const { products } = raw.properties;
    expectType(products, 'properties.products', Array.isArray(products));
  }
  if (call !== 'track' || (isObject(raw.properties) && !isEmpty(raw.properties))) return notes;
  const outside = Object.keys(raw).find((name) => !FIELDS.has(name));
  return outside === undefined ? notes : [...notes, writeNote('outside_properties', outside, null)];
}

function describeType(value: unknown): string {
  return Array.isArray(value) ? '(list)' : `(${typeof value === 'string' ? 'text' : typeof value})`;
}

function isEmpty(value: Fields): boolean {
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}
