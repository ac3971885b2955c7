import { normaliseEmailAddress } from '../domain/customer/email-address.ts';
import { readPhoneKey } from '../domain/customer/phone-number.ts';
import { toText } from '../domain/event.ts';
import { readObject } from '../domain/values/json-object.ts';
import { isPlaceholder } from '../domain/values/placeholder.ts';

/** An identity that a refused event names. */
export interface NamedIdentity {
  type: 'user' | 'anon' | 'email' | 'phone' | 'external';
  value: string;
}

type Fields = Record<string, unknown>;

/** Longer ones identify nobody. */
const MAX_LENGTH = 512;
const MAX_IDENTITIES = 30;

/**
 * Reads whom a refused event is about, wherever Segment's calls and CloudEvents have their ids. It may be unreadable
 * otherwise, so this reads more than the parsers do: a refused event is exported and erased with each customer it names.
 */
export function readNamedIdentities(raw: unknown): NamedIdentity[] {
  const call = readObject(raw);
  const data = readObject(call.data);
  const found = [call, data].flatMap(readFields);
  const [userId, anonymousId, subject] = [toId(call.userid), toId(call.anonymousid), toId(call.subject)];
  if (userId !== undefined) found.push({ type: 'user', value: userId });
  if (anonymousId !== undefined) found.push({ type: 'anon', value: anonymousId });
  if (subject !== undefined) found.push({ type: 'user', value: subject });
  return found.slice(0, MAX_IDENTITIES);
}

function readFields(call: Fields): NamedIdentity[] {
  const context = readObject(call.context);
  const identities: NamedIdentity[] = [];
  const add = (type: NamedIdentity['type'], value: string | undefined) => {
    if (value !== undefined) identities.push({ type, value });
  };
  add('user', toId(call.userId));
  add('anon', toId(call.anonymousId));
  add('anon', toId(call.previousId));
  for (const traits of [call.traits, context.traits, call.properties].map(readObject)) {
    add('email', normaliseEmailAddress(traits.email));
    add('phone', readPhoneKey(traits.phone));
  }
  for (const item of Array.isArray(context.externalIds) ? context.externalIds.slice(0, MAX_IDENTITIES) : []) {
    const { type, id } = readObject(item);
    const [kind, value] = [toId(type), toId(id)];
    if (kind !== undefined && value !== undefined) add('external', `${kind}:${value}`);
  }
  return identities;
}

function toId(value: unknown): string | undefined {
  const text = toText(value);
  return text === undefined || text.length > MAX_LENGTH || isPlaceholder(text) ? undefined : text;
}
