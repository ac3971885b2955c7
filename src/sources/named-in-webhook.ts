import { normaliseEmailAddress } from '../domain/customer/email-address.ts';
import { readPhoneKey } from '../domain/customer/phone-number.ts';
import { toText } from '../domain/event.ts';
import type { NamedIdentity } from './named-identities.ts';
import { parseJsonBody } from './webhooks/json-body.ts';
import { readNamedCustomer } from './webhooks/name-customer.ts';
import type { SourceSettings, WebhookRequest } from './webhooks/webhook-kind.ts';

const MAX_IDENTITIES = 30;
/** Values of a payload that are looked at. */
const MAX_VALUES = 5_000;
const PHONE_FIELD = /phone|mobile|^(from|to)$/i;

/**
 * Finds whom an unreadable request is about: whom sources.yaml names, and every address and number in it, wherever it
 * stands. A refused request is exported and erased with each customer whom it names, so this must not depend on what
 * could be read.
 */
export function findNamedInWebhook(source: SourceSettings, request: WebhookRequest): NamedIdentity[] {
  const payload =
    parseJsonBody(request.body) ?? Object.fromEntries(new URLSearchParams(request.body.toString()));
  const { userId, anonymousId, email, phone, externalIds } = readNamedCustomer(source, {
    payload,
    headers: request.headers,
  });
  const found: NamedIdentity[] = [];
  const add = (type: NamedIdentity['type'], value: string | undefined) => {
    if (value !== undefined && !found.some((known) => known.type === type && known.value === value))
      found.push({ type, value });
  };
  add('user', userId);
  add('anon', anonymousId);
  add('email', normaliseEmailAddress(email));
  add('phone', readPhoneKey(phone));
  for (const { type, id } of externalIds) add('external', `${type}:${id}`);
  for (const [field, value] of listValues(payload)) {
    if (value.includes('@')) add('email', normaliseEmailAddress(value));
    else if (value.startsWith('+') || PHONE_FIELD.test(field)) add('phone', readPhoneKey(value));
  }
  return found.slice(0, MAX_IDENTITIES);
}

/** The texts and numbers of a payload with the names of their fields. It keeps its own stack: nesting has no bound. */
function listValues(root: unknown): [field: string, value: string][] {
  const values: [string, string][] = [];
  const open: [string, unknown][] = [['', root]];
  while (open.length > 0 && values.length < MAX_VALUES) {
    const [field, value] = open.pop() as [string, unknown];
    const text = toText(value);
    if (text !== undefined && text.length <= 320) values.push([field, text]);
    else if (Array.isArray(value)) for (const item of value) open.push([field, item]);
    else if (typeof value === 'object' && value !== null)
      for (const entry of Object.entries(value)) open.push(entry);
  }
  return values;
}
