import { toText } from '../../domain/event.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { isAbsent, readNumber } from '../../domain/values/read-number.ts';
import { readPath } from '../../domain/values/read-path.ts';
import { expectField, type Fields } from './json-body.ts';
import type { WebhookReading } from './webhook-kind.ts';

/** What a field of a payload must be, in the words of the reason why a payload is unreadable. */
const SHAPES = {
  id: { what: 'text or a number', fits: (value: unknown) => toText(value) !== undefined },
  text: { what: 'a text', fits: (value: unknown) => typeof value === 'string' && value !== '' },
  time: { what: 'a time', fits: (value: unknown) => readTime(value) !== undefined },
  amount: { what: 'an amount', fits: (value: unknown) => readNumber(value) !== null },
  list: { what: 'a list', fits: Array.isArray },
  object: { what: 'an object', fits: isObject },
} as const;

export type FieldShape = keyof typeof SHAPES;

/**
 * Checks the fields without which a payload can't be understood, by path: `{ 'detail.id': 'id' }`.
 *
 * @returns why the payload is unreadable; undefined if every field has its shape
 */
export function requireFields(
  payload: Fields,
  shapes: Readonly<Record<string, FieldShape>>,
  deliveryId?: string,
): WebhookReading | undefined {
  for (const [path, shape] of Object.entries(shapes)) {
    const value = readPath(payload, path);
    const { what, fits } = SHAPES[shape];
    if (!fits(value)) return expectField(path, what, value, deliveryId);
  }
  return undefined;
}

/** The objects of a list; no list has none. */
export function readObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** More than a profile keeps, so that it knows of a list that goes on; with all of them an event might be too large. */
const MOST_PRODUCTS = 60;
const LONGEST_NAME = 120;

/** The name of a product, not longer than needed. */
export function readProductName(value: unknown): string | undefined {
  return toText(value)?.slice(0, LONGEST_NAME);
}

/** The lines of an order, as many as an event has room for. */
export function readLineItems(value: unknown): Fields[] {
  return readObjects(value).slice(0, MOST_PRODUCTS);
}

/** An amount as a number: vendors send `"12.50"`. Undefined if it is none. */
export function readAmountField(value: unknown): number | undefined {
  return readNumber(value) ?? undefined;
}

/** Fields without those that say nothing: absent, null, or empty text. */
export function dropAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}

/** The ids of a customer in other systems, as a call of Segment names them; without those that are missing. */
export function listExternalIds(ids: Readonly<Record<string, unknown>>): { type: string; id: string }[] {
  return Object.entries(ids).flatMap(([type, value]) => {
    const id = toText(value);
    return id === undefined ? [] : [{ type, id }];
  });
}
