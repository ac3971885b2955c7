import { isObject } from '../../domain/values/json-object.ts';
import { parseLenientJson } from '../parse-json.ts';
import type { WebhookReading } from './webhook-kind.ts';

export type Fields = Record<string, unknown>;

/** The body as a JSON object, or why it isn't one. */
export function readJsonObject(
  body: Buffer,
): { ok: true; value: Fields } | { ok: false; unreadable: WebhookReading } {
  const value = parseJsonBody(body);
  if (isObject(value)) return { ok: true, value };
  const found = value === undefined ? 'something else' : describeFound(value);
  return { ok: false, unreadable: expected('the body', 'a JSON object', found) };
}

/** The body as JSON; undefined if it is none. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return parseLenientJson(body.toString().replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** An unreadable field, with what was expected there: "expected detail.id to be text or a number, found an object". */
export function expectField(
  field: string,
  what: string,
  value: unknown,
  deliveryId?: string,
): WebhookReading {
  return expected(field, what, describeFound(value), deliveryId);
}

function expected(field: string, what: string, found: string, deliveryId?: string): WebhookReading {
  return {
    kind: 'unreadable',
    code: 'unexpected_payload',
    reason: `expected ${field} to be ${what}, found ${found}`,
    ...(deliveryId === undefined ? {} : { deliveryId }),
  };
}

/** Names what a value is, without repeating it: it may be personal. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object' }[
    typeof value as 'string' | 'number' | 'boolean' | 'object'
  ];
}
