import { CALL_TYPES, type CallType } from '../domain/event.ts';
import { isObject } from '../domain/values/json-object.ts';

type Fields = Record<string, unknown>;

const TYPES: ReadonlySet<string> = new Set(CALL_TYPES);

/** The call of Segment's specification that a type names; any other type is the name of an event. */
export function readCallType(type: string): CallType {
  return TYPES.has(type) ? (type as CallType) : 'track';
}

/**
 * The fields of Segment's call out of an event that has a type and data, as CloudEvents and Standard Webhooks do. Data
 * with `properties` or `traits`, and data of a named call, are such fields already; any other data are the properties,
 * or the traits of `identify` and `group`.
 */
export function readCallFields(data: unknown, type: string): Fields {
  if (data === undefined || data === null) return { event: type };
  if (!isObject(data)) return { event: type, properties: { data } };
  if (type === 'track') return data;
  const call = readCallType(type);
  const { userId, anonymousId, groupId, previousId } = data;
  const isCall = isObject(data.properties) || isObject(data.traits) || call === 'alias';
  if (isCall) return { ...data, event: type };
  const ids = { userId, anonymousId, groupId, previousId, event: type };
  return call === 'identify' || call === 'group' ? { ...ids, traits: data } : { ...ids, properties: data };
}
